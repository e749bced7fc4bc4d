/*
 * db - the one connection to a program's one database (design 7).
 *
 * locking_mode=EXCLUSIVE, WAL, synchronous=FULL, secure_delete=ON for agents
 * (OFF for hubs: ciphertext only), BEGIN IMMEDIATE, busy never waits.
 * Migrations are numbered, forward only, each in a transaction; before
 * migrating a database that has data a copy "NAME.before-vN" is made.
 *
 * The lock on the file is the process's: whoever opens the same file by other
 * means and closes it again (to copy it, say) takes the lock away.
 *
 * Errors of every function in this room that takes a struct db: ERR_FULL (the
 * disk is full), ERR_MALFORMED (the file is damaged), ERR_STATE (a change
 * outside a transaction) and ERR_IO; after any of them, roll back.
 *
 * Personal data never reaches this room in clear: blobs are sealed by the
 * caller.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct db;
struct err;

enum db_kind { DB_AGENT, DB_HUB };

/** Open or make the database.  Errors: ERR_IO, ERR_BUSY (another process has it
 * open), ERR_STATE (made by a newer version), ERR_MALFORMED (not a database, or
 * damaged), ERR_FULL. */
MUST_CHECK int db_open(
    struct db **out, const char *path, enum db_kind kind, struct err *err);

/** Transactions do not nest.  Everything that changes rows runs in one. */
MUST_CHECK int db_begin(struct db *db, struct err *err);
/** Errors: ERR_FULL, ERR_IO; the transaction is rolled back then. */
MUST_CHECK int db_commit(struct db *db, struct err *err);
void db_rollback(struct db *db); /* also when none is open */
bool db_in_transaction(const struct db *db);

/* What changed since this database was opened, as counts: for whoever keeps
 * what was read in memory.  After a rollback nothing kept is sure. */
struct db_stamp {
    uint64_t records; /* received records, and the families they are in */
    uint64_t happenings;
    uint64_t joins; /* families that turned out to be one */
    uint64_t rollbacks;
};
struct db_stamp db_stamp(const struct db *db);

/** Idle-time work: checkpoint the WAL, empty its file and give the cache's
 * memory back.  Bytes of the WAL afterwards; in a transaction nothing is done
 * but that. */
int64_t db_checkpoint(struct db *db);
/** After much was written: the same, but that the WAL's file keeps its room (at
 * most 16 MiB) for what is written next, which is cheaper than to grow. */
void db_settle(struct db *db);
/** PRAGMA quick_check.  Errors: ERR_MALFORMED. */
MUST_CHECK int db_check(struct db *db, struct err *err);

/** Write a consistent copy of the whole database, without the space that is
 * free in it, to path, in place of any file there (mode 0600, synced); not in a
 * transaction.  Nothing is left at path after a failure. */
MUST_CHECK int db_backup(struct db *db, const char *path, struct err *err);

/** A small setting of the program itself (no personal data); "" if not set.
 * Errors: ERR_IO, ERR_TOO_BIG. */
MUST_CHECK int db_get(
    struct db *db, const char *key, char *out, size_t size, struct err *err);
MUST_CHECK int db_set(
    struct db *db, const char *key, const char *value, struct err *err);

void db_close(struct db *db); /* NULL is allowed */
static inline void db_closep(struct db **db)
{
    db_close(*db);
}

#endif
