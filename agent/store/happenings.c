#include "store/happenings.h"

#include "store/statement.h"

#define COLUMNS "id, family, pupil, at, login, kind, sealed"

/* AUTOINCREMENT keeps the highest id there ever was. */
static const char LAST_ID[] =
    "SELECT coalesce(max(seq), 0) FROM sqlite_sequence"
    " WHERE name = 'happenings'";
static const char ADD[] = "INSERT INTO happenings (" COLUMNS ")"
                          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char SINCE[] =
    "SELECT " COLUMNS " FROM happenings WHERE id > ?1 ORDER BY id";

static const char UNSIGNED[] =
    "SELECT count(*) FROM happenings WHERE family = ?1 AND login = ''";

int happenings_next_id(struct db *db, int64_t *id, struct err *err)
{
    return statement_next_id(id, db, HANDLE_HAPPENINGS, LAST_ID, err);
}

int happenings_add(struct db *db, const struct happening *row, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, ADD);

    statement_put_int(&st, row->id);
    statement_put_int(&st, row->family);
    statement_put_int(&st, row->pupil);
    statement_put_wall(&st, row->at);
    statement_put_text(&st, row->login);
    statement_put_int(&st, row->kind);
    statement_put_blob(&st, row->sealed);
    db->stamp.happenings++;
    return statement_run(&st, err);
}

int happenings_unsigned(
    int64_t *count, struct db *db, int64_t family, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, UNSIGNED);
    int rc;

    statement_put_int(&st, family);
    rc = statement_step(&st, err);
    *count = rc == 1 ? statement_get_int(&st) : 0;
    return rc < 0 ? rc : 0;
}

static int visit_all(struct statement *st,
    int (*visit)(void *arg, const struct happening *row), void *arg,
    struct err *err)
{
    int rc;

    while ((rc = statement_step(st, err)) == 1) {
        struct happening row = {.id = statement_get_int(st)};

        row.family = statement_get_int(st);
        row.pupil = statement_get_int(st);
        row.at = statement_get_wall(st);
        statement_get_text(st, row.login, sizeof row.login);
        row.kind = (int)statement_get_int(st);
        row.sealed = statement_get_blob(st, NULL);
        rc = statement_good(st, err);
        if (rc == 0)
            rc = visit(arg, &row);
        if (rc != 0)
            return rc;
    }
    return rc;
}

int happenings_since(struct db *db, int64_t after,
    int (*visit)(void *arg, const struct happening *row), void *arg,
    struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, SINCE);

    statement_put_int(&st, after);
    return visit_all(&st, visit, arg, err);
}
