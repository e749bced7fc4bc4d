/*
 * handle - what is behind struct db; for this room only.
 *
 * One thread uses it at a time.  The statements of the whole room are prepared
 * once and kept here by the address of their text, so a text must be a static
 * string (statement_start).
 */
#ifndef STORE_HANDLE_H
#define STORE_HANDLE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "store/db.h"

struct err;
struct tally;

#define HANDLE_STATEMENTS 256 /* a power of two; at most half is used */

/* Tables whose next row id is handed out before the row is stored. */
enum handle_counter {
    HANDLE_LEAVERS,
    HANDLE_HELD,
    HANDLE_RECORDS,
    HANDLE_RECALLS,
    HANDLE_HAPPENINGS,
    HANDLE_COUNTERS
};

/* One migration: texts that are run in one transaction. */
struct handle_step {
    const char *texts[4]; /* NULL: none */
};

/* What a database of some kind is like, and the way there from nothing. */
struct handle_plan {
    int application_id;
    const struct handle_step *steps; /* i leads from version i to i + 1 */
    int count;
    const char *create;  /* pragmas that a new file needs first */
    const char *pragmas; /* and those of each opening */
};

struct handle_slot {
    const char *text; /* NULL: free */
    sqlite3_stmt *stmt;
};

struct db {
    sqlite3 *sql;
    char *path;
    struct handle_slot slots[HANDLE_STATEMENTS];
    /* The next id to hand out; 0: not read yet.  Only grows, also over a
     * rollback: a gap in ids is harmless, an id used twice is not. */
    int64_t next_id[HANDLE_COUNTERS];
    struct tally *tally; /* mailbox.c: NULL until it is counted */
    bool tally_stale;    /* a rollback undid what it had counted */
    struct db_stamp stamp;
};

/** db_open() by another plan (for tests of the migrations). */
MUST_CHECK int db_open_plan(struct db **out, const char *path,
    const struct handle_plan *plan, struct err *err);

#endif
