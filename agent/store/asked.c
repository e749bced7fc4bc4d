#include "store/asked.h"

#include "base/err.h"
#include "store/statement.h"

#define COLUMNS                                                                \
    "id, school, leaver, revision, kind, reason, at, due, closed_at,"          \
    " closed_by, request, contact, point, words, sealed"

static const char LAST_ID[] =
    "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'asked'";

#define TEXT_OF_(n) #n
#define TEXT_OF(n) TEXT_OF_(n)

static const char ADD[] =
    "INSERT INTO asked (school, leaver, revision, kind, reason, at, due,"
    " closed_at, closed_by, sealed, request, contact, point, words, id)"
    " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, '', x'', ?8, ?9, ?10, ?11,"
    "  nullif(?12, 0)"
    " WHERE (?8 = 0 OR (NOT EXISTS"
    "  (SELECT 1 FROM asked WHERE school = ?1 AND request = ?8)"
    "  AND (SELECT count(*) FROM asked WHERE school = ?1 AND leaver = ?2"
    "   AND request > 0 AND closed_at = 0) < " TEXT_OF(
        ASKED_MOST_OPEN) "))"
                         " ON CONFLICT (school, leaver, revision, kind, "
                         "reason, request)"
                         " DO NOTHING";
static const char FIND[] = "SELECT " COLUMNS " FROM asked WHERE id = ?1";
static const char EACH_OPEN[] =
    "SELECT " COLUMNS " FROM asked WHERE closed_at = 0 ORDER BY id";
static const char EACH_CLOSED[] =
    "SELECT " COLUMNS " FROM asked WHERE school = ?1 AND request > 0"
    " AND closed_at > 0 ORDER BY id";
static const char CLOSE[] =
    "UPDATE asked SET closed_at = ?2, closed_by = ?3, sealed = ?4"
    " WHERE id = ?1 AND closed_at = 0";
static const char CLOSE_LEAVER[] =
    "UPDATE asked SET closed_at = ?2, closed_by = ?3"
    " WHERE leaver = ?1 AND closed_at = 0";

static const char IS_OPEN[] =
    "SELECT 1 FROM asked WHERE school = ?1 AND closed_at = 0 LIMIT 1";
static const char MOVE[] = "UPDATE OR IGNORE asked SET school = ?2"
                           " WHERE school = ?1 AND closed_at = 0";

const char *asked_kind_name(enum asked_kind kind)
{
    static const char *const names[] = {[ASKED_NOT_OURS] = "not-ours",
        [ASKED_REFUSED] = "refused",
        [ASKED_WRONG_NUMBER] = "wrong-number",
        [ASKED_HELP_REACH] = "help-reach",
        [ASKED_QUESTION] = "question"};

    return names[kind];
}

int asked_next_id(struct db *db, int64_t *id, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, LAST_ID);
    int rc = statement_step(&st, err);

    if (rc < 0)
        return rc;
    *id = statement_get_int(&st) + 1;
    return statement_good(&st, err);
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
    statement_put_number(&st, asked->request);
    statement_put_int(&st, asked->contact);
    statement_put_int(&st, asked->point);
    statement_put_blob(&st, asked->words);
    statement_put_int(&st, asked->id);
    return statement_run(&st, err);
}

static int read_row(struct asked *out, struct statement *st,
    struct arena *arena, struct err *err)
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
    out->request = statement_get_number(st);
    out->contact = (uint32_t)statement_get_int(st);
    out->point = (uint32_t)statement_get_int(st);
    out->words = statement_get_blob(st, arena);
    out->sealed = statement_get_blob(st, arena);
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
    return read_row(out, &st, arena, err);
}

static int visit_all(struct statement *st,
    int (*visit)(void *arg, const struct asked *asked), void *arg,
    struct err *err)
{
    struct asked asked;
    int rc;

    while ((rc = statement_step(st, err)) == 1) {
        rc = read_row(&asked, st, NULL, err);
        if (rc == 0)
            rc = visit(arg, &asked);
        if (rc != 0)
            return rc;
    }
    return rc;
}

int asked_each_open(struct db *db,
    int (*visit)(void *arg, const struct asked *asked), void *arg,
    struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, EACH_OPEN);

    return visit_all(&st, visit, arg, err);
}

int asked_each_closed(struct db *db, const struct laestab *school,
    int (*visit)(void *arg, const struct asked *asked), void *arg,
    struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, EACH_CLOSED);

    statement_put_school(&st, school);
    return visit_all(&st, visit, arg, err);
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

int asked_is_open(
    bool *open, struct db *db, const struct laestab *school, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, IS_OPEN);
    int rc;

    statement_put_school(&st, school);
    rc = statement_step(&st, err);
    *open = rc > 0;
    return rc < 0 ? rc : 0;
}

int asked_move(struct db *db, const struct laestab *from,
    const struct laestab *to, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, MOVE);

    statement_put_school(&st, from);
    statement_put_school(&st, to);
    return statement_run(&st, err);
}
