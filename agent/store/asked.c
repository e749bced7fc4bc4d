#include "store/asked.h"

#include "base/err.h"
#include "store/statement.h"

#define COLUMNS                                                                \
    "id, school, leaver, revision, kind, reason, at, due, closed_at,"          \
    " closed_by"

static const char ADD[] =
    "INSERT INTO asked (school, leaver, revision, kind, reason, at, due,"
    " closed_at, closed_by, sealed)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, '', x'')"
    " ON CONFLICT (school, leaver, revision, kind, reason) DO NOTHING";
static const char FIND[] =
    "SELECT " COLUMNS ", sealed FROM asked WHERE id = ?1";
static const char EACH_OPEN[] =
    "SELECT " COLUMNS " FROM asked WHERE closed_at = 0 ORDER BY id";
static const char CLOSE[] =
    "UPDATE asked SET closed_at = ?2, closed_by = ?3, sealed = ?4"
    " WHERE id = ?1 AND closed_at = 0";
static const char CLOSE_LEAVER[] =
    "UPDATE asked SET closed_at = ?2, closed_by = ?3"
    " WHERE leaver = ?1 AND closed_at = 0";

const char *asked_kind_name(enum asked_kind kind)
{
    static const char *const names[] = {
        [ASKED_NOT_OURS] = "not-ours", [ASKED_REFUSED] = "refused"};

    return names[kind];
}

int asked_add(struct db *db, const struct asked *asked, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, ADD);

    statement_put_school(&st, &asked->school);
    statement_put_int(&st, asked->leaver);
    statement_put_number(&st, asked->revision);
    statement_put_int(&st, asked->kind);
    statement_put_int(&st, asked->reason);
    statement_put_wall(&st, asked->at);
    statement_put_wall(&st, asked->due);
    return statement_run(&st, err);
}

/* All columns but the answer. */
static int read_row(struct asked *out, struct statement *st, struct err *err)
{
    *out = (struct asked){.id = statement_get_int(st)};
    out->school = statement_get_school(st);
    out->leaver = statement_get_int(st);
    out->revision = statement_get_number(st);
    out->kind = (enum asked_kind)statement_get_int(st);
    out->reason = (enum reason)statement_get_int(st);
    out->at = statement_get_wall(st);
    out->due = statement_get_wall(st);
    out->closed_at = statement_get_wall(st);
    statement_get_text(st, out->closed_by, sizeof out->closed_by);
    return statement_good(st, err);
}

static int not_found(struct err *err)
{
    return err_set(err, ERR_NOT_FOUND, "store: no such request is open");
}

int asked_find(struct asked *out, struct db *db, int64_t id,
    struct arena *arena, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, FIND);
    int rc;

    statement_put_int(&st, id);
    rc = statement_step(&st, err);
    if (rc <= 0)
        return rc < 0 ? rc : not_found(err);
    rc = read_row(out, &st, err);
    out->sealed = statement_get_blob(&st, arena);
    return rc < 0 ? rc : statement_good(&st, err);
}

int asked_each_open(struct db *db,
    int (*visit)(void *arg, const struct asked *asked), void *arg,
    struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, EACH_OPEN);
    struct asked asked;
    int rc;

    while ((rc = statement_step(&st, err)) == 1) {
        rc = read_row(&asked, &st, err);
        if (rc == 0)
            rc = visit(arg, &asked);
        if (rc != 0)
            return rc;
    }
    return rc;
}

int asked_close(struct db *db, int64_t id, wall at, const char *by,
    struct bytes sealed, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, CLOSE);
    int rc;

    statement_put_int(&st, id);
    statement_put_wall(&st, at);
    statement_put_text(&st, by);
    statement_put_blob(&st, sealed);
    rc = statement_run(&st, err);
    return rc == 0 && statement_changes(db) == 0 ? not_found(err) : rc;
}

int asked_close_leaver(
    struct db *db, int64_t leaver, wall at, const char *by, struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, CLOSE_LEAVER);

    statement_put_int(&st, leaver);
    statement_put_wall(&st, at);
    statement_put_text(&st, by);
    return statement_run(&st, err);
}
