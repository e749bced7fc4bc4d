#include "base/err.h"
#include "store/inbox.h"
#include "store/statement.h"

#define COLUMNS                                                                \
    "id, at, author, lane, epoch, envelope, first, last, reason, detail, size"

static const char ADD[] =
    "INSERT INTO quarantine (at, author, lane, epoch, envelope, first, last,"
    " reason, detail, size, kept, header, sealed)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
    " ON CONFLICT (envelope, reason) DO NOTHING";
/* Whoever has most here makes room, its oldest first: a school that floods
 * pushes out nothing of another's. */
#define OLDEST_OF_MOST(what, where)                                            \
    "(SELECT min(id) FROM quarantine WHERE " where " AND author ="             \
    "  (SELECT author FROM quarantine WHERE " where                            \
    "   GROUP BY author ORDER BY " what " DESC, author LIMIT 1))"
#define DROP_BYTES "UPDATE quarantine SET kept = 0, header = x'', sealed = x''"

static const char KEPT[] =
    "SELECT count(*), coalesce(sum(kept), 0) FROM quarantine WHERE kept > 0";
static const char COUNT[] = "SELECT count(*), 0 FROM quarantine";
static const char DROP_LARGEST[] =
    DROP_BYTES " WHERE id = " OLDEST_OF_MOST("sum(kept)", "kept > 0");
static const char DROP_MANY[] =
    DROP_BYTES " WHERE id = " OLDEST_OF_MOST("count(*)", "kept > 0");
static const char DROP_OLD_ROW[] =
    "DELETE FROM quarantine WHERE id = " OLDEST_OF_MOST("count(*)", "id > 0");
static const char DROP_ROW[] = "DELETE FROM quarantine WHERE id = ?1";
static const char FIND[] =
    "SELECT " COLUMNS ", header, sealed FROM quarantine WHERE id = ?1";
static const char EACH[] =
    "SELECT " COLUMNS " FROM quarantine ORDER BY id DESC";

static int drop(struct db *db, const char *text, int64_t id, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, text);

    statement_put_int(&st, id);
    return statement_run(&st, err);
}

static int measure(int64_t *rows, int64_t *bytes, struct db *db,
    const char *text, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, text);
    int rc = statement_step(&st, err);

    if (rc < 0)
        return rc;
    *rows = statement_get_int(&st);
    *bytes = statement_get_int(&st);
    return statement_good(&st, err);
}

static int run(struct db *db, const char *text, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, text);

    return statement_run(&st, err);
}

static int keep_limits(struct db *db, struct err *err)
{
    int64_t rows = 0;
    int64_t bytes = 0;
    int rc;

    for (;;) {
        rc = measure(&rows, &bytes, db, KEPT, err);
        if (rc < 0 ||
            (rows <= INBOX_QUARANTINE_KEPT && bytes <= INBOX_QUARANTINE_BYTES))
            break;
        rc = run(
            db, rows > INBOX_QUARANTINE_KEPT ? DROP_MANY : DROP_LARGEST, err);
        if (rc < 0)
            return rc;
    }
    if (rc == 0)
        rc = measure(&rows, &bytes, db, COUNT, err);
    return rc < 0 || rows <= INBOX_QUARANTINE_ROWS ? rc
                                                   : run(db, DROP_OLD_ROW, err);
}

int inbox_quarantine_add(
    struct db *db, const struct quarantine_row *row, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, ADD);
    int rc;

    statement_put_wall(&st, row->at);
    statement_put_school(&st, &row->author);
    statement_put_int(&st, row->lane);
    statement_put_id(&st, &row->epoch);
    statement_put_id(&st, &row->envelope);
    statement_put_number(&st, row->first);
    statement_put_number(&st, row->last);
    statement_put_int(&st, row->reason);
    statement_put_text(&st, row->detail);
    statement_put_number(&st, row->size);
    statement_put_int(&st, (int64_t)(row->header.len + row->sealed.len));
    statement_put_blob(&st, row->header);
    statement_put_blob(&st, row->sealed);
    rc = statement_run(&st, err);
    if (rc < 0 || statement_changes(db) == 0)
        return rc;
    return keep_limits(db, err);
}

/* All columns but the bytes. */
static void read_row(struct quarantine_row *out, struct statement *st)
{
    *out = (struct quarantine_row){.id = statement_get_int(st)};
    out->at = statement_get_wall(st);
    out->author = statement_get_school(st);
    out->lane = (enum lane)statement_get_int(st);
    out->epoch = statement_get_id(st);
    out->envelope = statement_get_id(st);
    out->first = statement_get_number(st);
    out->last = statement_get_number(st);
    out->reason = (enum reason)statement_get_int(st);
    statement_get_text(st, out->detail, sizeof out->detail);
    out->size = statement_get_number(st);
}

static int not_found(struct err *err)
{
    return err_set(err, ERR_NOT_FOUND, "nothing of that number is put aside");
}

int inbox_quarantine_find(struct quarantine_row *out, struct db *db, int64_t id,
    struct arena *arena, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, FIND);
    int rc;

    statement_put_int(&st, id);
    rc = statement_step(&st, err);
    if (rc <= 0)
        return rc < 0 ? rc : not_found(err);
    read_row(out, &st);
    out->header = statement_get_blob(&st, arena);
    out->sealed = statement_get_blob(&st, arena);
    return statement_good(&st, err);
}

int inbox_quarantine_each(struct db *db,
    int (*visit)(void *arg, const struct quarantine_row *row), void *arg,
    struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, EACH);
    struct quarantine_row row;
    int rc;

    while ((rc = statement_step(&st, err)) == 1) {
        read_row(&row, &st);
        rc = statement_good(&st, err);
        if (rc == 0)
            rc = visit(arg, &row);
        if (rc != 0)
            return rc;
    }
    return rc;
}

int inbox_quarantine_drop(struct db *db, int64_t id, struct err *err)
{
    int rc = drop(db, DROP_ROW, id, err);

    if (rc == 0 && statement_changes(db) == 0)
        return not_found(err);
    return rc;
}

int inbox_quarantine_count(uint64_t *count, struct db *db, struct err *err)
{
    SCOPED(statement_end)
    struct statement st =
        statement_start(db, "SELECT count(*) FROM quarantine");
    int rc = statement_step(&st, err);

    *count = rc == 1 ? statement_get_number(&st) : 0;
    return rc < 0 ? rc : 0;
}
