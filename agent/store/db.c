#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/migrate.h"
#include "store/schema.h"
#include "store/statement.h"
#include "store/tally.h"

/* Make a new file readable by its owner only before SQLite writes into it; the
 * WAL takes over its mode.  A file that is there is never opened here: closing
 * it would drop SQLite's locks if this process has it open. */
static int make_private(const char *path, struct err *err)
{
    const int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd >= 0)
        return close(fd) < 0 ? err_errno(err, path) : 0;
    if (errno != EEXIST)
        return err_errno(err, path);
    return chmod(path, FILE_PRIVATE) < 0 ? err_errno(err, path) : 0;
}

/* SQLite calls this for a rollback of its own making too. */
static void on_rollback(void *arg)
{
    struct db *db = arg;

    db->tally_stale = true;
    db->stamp.rollbacks++;
}

static int connect_file(struct db *db, struct err *err)
{
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                      SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE;
    const int code = sqlite3_open_v2(db->path, &db->sql, flags, NULL);

    if (code != SQLITE_OK)
        return statement_error(db, code, err);
    sqlite3_rollback_hook(db->sql, on_rollback, db);
    sqlite3_db_config(db->sql, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return 0;
}

/* SQLite answers with the old mode, and no error, where WAL is impossible. */
static int check_journal(struct db *db, struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, "PRAGMA journal_mode");
    char mode[16] = "";
    int rc = statement_step(&st, err);

    if (rc < 0)
        return rc;
    statement_get_text(&st, mode, sizeof mode);
    if (strcmp(mode, "wal") != 0)
        return err_set(err, ERR_IO,
            "store: a write-ahead log is not possible on this file system");
    return 0;
}

static int prepare_file(
    struct db *db, const struct handle_plan *plan, struct err *err)
{
    int rc = statement_exec(db, plan->create, err);

    if (rc == 0)
        rc = statement_exec(db, plan->pragmas, err);
    if (rc == 0)
        rc = check_journal(db, err);
    if (rc == 0)
        rc = migrate_run(db, plan, err);
    return rc;
}

int db_open_plan(struct db **out, const char *path,
    const struct handle_plan *plan, struct err *err)
{
    SCOPED(db_closep) struct db *db = mem_alloc(sizeof *db);
    int rc;

    db->path = mem_text(path);
    rc = make_private(path, err);
    if (rc == 0)
        rc = connect_file(db, err);
    if (rc == 0)
        rc = prepare_file(db, plan, err);
    if (rc == ERR_BUSY)
        return err_set(err, ERR_BUSY,
            "another process has %s open: runs one already?", path);
    if (rc < 0)
        return err_wrap(err, rc, path);
    *out = TAKE(db);
    return 0;
}

int db_open(
    struct db **out, const char *path, enum db_kind kind, struct err *err)
{
    return db_open_plan(out, path, schema_plan(kind), err);
}

static int run(struct db *db, const char *text, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, text);
    int rc = statement_step(&st, err);

    return rc < 0 ? rc : 0;
}

int db_begin(struct db *db, struct err *err)
{
    if (db_in_transaction(db))
        return err_set(err, ERR_STATE, "store: a transaction is open already");
    return run(db, "BEGIN IMMEDIATE", err);
}

int db_commit(struct db *db, struct err *err)
{
    int rc;

    /* A full disk may have made SQLite roll back by itself. */
    if (!db_in_transaction(db))
        return err_set(err, ERR_STATE, "store: there is no open transaction");
    rc = run(db, "COMMIT", err);
    if (rc < 0)
        db_rollback(db);
    return rc;
}

void db_rollback(struct db *db)
{
    if (db_in_transaction(db))
        (void)!run(db, "ROLLBACK", NULL);
}

struct db_stamp db_stamp(const struct db *db)
{
    return db->stamp;
}

bool db_in_transaction(const struct db *db)
{
    return sqlite3_get_autocommit(db->sql) == 0;
}

static int64_t wal_bytes(const struct db *db)
{
    SCOPED(mem_freep) char *path = mem_format("%s-wal", db->path);
    struct stat st;

    return stat(path, &st) < 0 ? 0 : (int64_t)st.st_size;
}

static void checkpoint(struct db *db, int mode)
{
    if (db_in_transaction(db) || wal_bytes(db) == 0)
        return;
    sqlite3_wal_checkpoint_v2(db->sql, NULL, mode, NULL, NULL);
    sqlite3_db_release_memory(db->sql);
    /* Freed pages lie between others: the C library would keep them all,
     * 16 MiB after a large import. */
    malloc_trim(0);
}

int64_t db_checkpoint(struct db *db)
{
    checkpoint(db, SQLITE_CHECKPOINT_TRUNCATE);
    return wal_bytes(db);
}

void db_settle(struct db *db)
{
    checkpoint(db, SQLITE_CHECKPOINT_RESTART);
}

int db_check(struct db *db, struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, "PRAGMA quick_check(1)");
    char found[160];
    int rc = statement_step(&st, err);

    if (rc < 0)
        return rc;
    statement_get_text(&st, found, sizeof found);
    if (strcmp(found, "ok") != 0)
        return err_set(
            err, ERR_MALFORMED, "store: %s is damaged: %s", db->path, found);
    return 0;
}

static void close_fdp(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

/* An empty file of our own, so that no one else may read what comes into it. */
static int make_empty(const char *path, struct err *err)
{
    SCOPED(close_fdp) int fd = -1;

    if (unlink(path) < 0 && errno != ENOENT)
        return err_errno(err, path);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_PRIVATE);
    return fd < 0 ? err_errno(err, path) : 0;
}

static int sync_file(const char *path, struct err *err)
{
    SCOPED(close_fdp) int fd = open(path, O_RDONLY | O_CLOEXEC);

    return fd < 0 || fsync(fd) < 0 ? err_errno(err, path) : 0;
}

static int vacuum_into(struct db *db, const char *path, struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, "VACUUM INTO ?1");
    int rc;

    statement_put_text(&st, path);
    rc = statement_step(&st, err);
    return rc < 0 ? rc : 0;
}

int db_backup(struct db *db, const char *path, struct err *err)
{
    int rc = make_empty(path, err);

    if (rc == 0)
        rc = vacuum_into(db, path, err);
    if (rc == 0)
        rc = sync_file(path, err);
    if (rc < 0)
        unlink(path);
    return rc;
}

int db_get(
    struct db *db, const char *key, char *out, size_t size, struct err *err)
{
    SCOPED(statement_end)
    struct statement st =
        statement_start(db, "SELECT value FROM settings WHERE key = ?1");
    struct bytes value;
    int rc;

    out[0] = '\0';
    statement_put_text(&st, key);
    rc = statement_step(&st, err);
    if (rc <= 0)
        return rc;
    value = statement_get_blob(&st, NULL);
    if (value.len >= size)
        return err_set(err, ERR_TOO_BIG, "store: the value of %s has %zu bytes",
            key, value.len);
    if (value.len > 0) /* an empty one has no bytes to point to */
        memcpy(out, value.data, value.len);
    out[value.len] = '\0';
    return 0;
}

int db_set(struct db *db, const char *key, const char *value, struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db,
        "INSERT INTO settings (key, value) VALUES (?1, ?2)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value");

    statement_put_text(&st, key);
    statement_put_text(&st, value);
    return statement_run(&st, err);
}

void db_close(struct db *db)
{
    if (db == NULL)
        return;
    statement_forget(db);
    sqlite3_close(db->sql);
    tally_free(db->tally);
    free(db->path);
    free(db);
}
