#include "store/leavers.h"

#include "base/err.h"
#include "store/standing.h"
#include "store/statement.h"

#define COLUMNS                                                                \
    "id, tag, destination, revision, blocked, sent_as, changed_at, stream,"    \
    " seq, sent_revision, read_revision, read_at, read_role, typed,"           \
    " recalled_at"

/* The outer table decides the order. */
#define SEALED_ROWS                                                            \
    "SELECT " COLUMNS ", sealed FROM leavers"                                  \
    " CROSS JOIN leaver_records ON leaver = id "

static const char PUT[] =
    "INSERT INTO leavers (" COLUMNS ")"
    " VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)"
    " ON CONFLICT (id) DO UPDATE SET tag = excluded.tag,"
    " destination = excluded.destination, revision = excluded.revision,"
    " blocked = excluded.blocked, sent_as = excluded.sent_as,"
    " changed_at = excluded.changed_at, stream = excluded.stream,"
    " seq = excluded.seq, sent_revision = excluded.sent_revision,"
    " read_revision = excluded.read_revision, read_at = excluded.read_at,"
    " read_role = excluded.read_role, typed = excluded.typed,"
    " recalled_at = excluded.recalled_at";
static const char PUT_SEALED[] =
    "INSERT OR REPLACE INTO leaver_records (leaver, sealed) VALUES (?1, ?2)";

static const char FIND[] = SEALED_ROWS "WHERE tag = ?1";
static const char GET[] = SEALED_ROWS "WHERE id = ?1";
static const char EACH[] = "SELECT " COLUMNS " FROM leavers ORDER BY id";
static const char EACH_SEALED[] = SEALED_ROWS "ORDER BY id";
static const char EACH_TO[] =
    "SELECT " COLUMNS " FROM leavers WHERE destination = ?1 ORDER BY id";
static const char EACH_TO_SEALED[] =
    SEALED_ROWS "WHERE destination = ?1 ORDER BY id";
static const char EACH_BETWEEN[] =
    SEALED_ROWS "WHERE id BETWEEN ?1 AND ?2 ORDER BY id";
static const char EACH_SENT[] = SEALED_ROWS
    "WHERE stream = ?1 AND seq BETWEEN ?2 AND ?3 AND seq > 0 ORDER BY seq";
static const char MARK_SENT[] =
    "UPDATE leavers SET stream = ?3, seq = ?4 + id - ?1,"
    " sent_revision = revision WHERE id BETWEEN ?1 AND ?2";
/* A receipt may be older than what is known: only a later reading counts. */
static const char MARK_READ[] =
    "UPDATE leavers SET read_revision = ?2, read_role = ?3, read_at = ?4"
    " WHERE tag = ?1 AND destination = ?5 AND read_revision < ?2";

static const char *const STATE_NAMES[] = {
    [LEAVER_DRAFT] = "draft",
    [LEAVER_READY] = "ready",
    [LEAVER_QUEUED] = "queued",
    [LEAVER_SENT] = "sent",
    [LEAVER_RECEIVED] = "received",
    [LEAVER_APPLIED] = "applied",
    [LEAVER_READ] = "read",
    [LEAVER_REJECTED] = "rejected",
    [LEAVER_QUARANTINED] = "quarantined",
    [LEAVER_EXPIRED] = "expired",
    [LEAVER_RECALLED] = "recalled",
    [LEAVER_SUPERSEDED] = "superseded",
};

#define STATE_COUNT (sizeof STATE_NAMES / sizeof STATE_NAMES[0])

const char *leavers_state_name(enum leaver_state state)
{
    return STATE_NAMES[state];
}

enum leaver_state leavers_state_parse(const char *name)
{
    for (size_t i = LEAVER_DRAFT; i < STATE_COUNT; i++)
        if (strcmp(name, STATE_NAMES[i]) == 0)
            return (enum leaver_state)i;
    return (enum leaver_state)0;
}

int leavers_next_id(struct db *db, int64_t *id, struct err *err)
{
    return statement_next_id(
        id, db, HANDLE_LEAVERS, "SELECT max(id) FROM leavers", err);
}

static int put_sealed(
    struct db *db, int64_t id, struct bytes sealed, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, PUT_SEALED);

    statement_put_int(&st, id);
    statement_put_blob(&st, sealed);
    return statement_run(&st, err);
}

int leavers_put(struct db *db, const struct leavers_row *row, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, PUT);
    int rc;

    statement_put_int(&st, row->id);
    statement_put_tag(&st, &row->tag);
    statement_put_school(&st, &row->destination);
    statement_put_number(&st, row->revision);
    statement_put_int(&st, row->blocked);
    statement_put_tag(&st, &row->sent_as);
    statement_put_wall(&st, row->changed_at);
    statement_put_int(&st, row->stream);
    statement_put_number(&st, row->seq);
    statement_put_number(&st, row->sent_revision);
    statement_put_number(&st, row->read_revision);
    statement_put_wall(&st, row->read_at);
    statement_put_text(&st, row->read_role);
    statement_put_int(&st, row->typed);
    statement_put_wall(&st, row->recalled_at);
    rc = statement_run(&st, err);
    return rc < 0 ? rc : put_sealed(db, row->id, row->sealed, err);
}

/* All columns but sealed. */
static void read_row(struct leavers_row *row, struct statement *st)
{
    *row = (struct leavers_row){.id = statement_get_int(st)};
    row->tag = statement_get_tag(st);
    row->destination = statement_get_school(st);
    row->revision = statement_get_number(st);
    row->blocked = statement_get_int(st) != 0;
    row->sent_as = statement_get_tag(st);
    row->changed_at = statement_get_wall(st);
    row->stream = statement_get_int(st);
    row->seq = statement_get_number(st);
    row->sent_revision = statement_get_number(st);
    row->read_revision = statement_get_number(st);
    row->read_at = statement_get_wall(st);
    statement_get_text(st, row->read_role, sizeof row->read_role);
    row->typed = statement_get_int(st) != 0;
    row->recalled_at = statement_get_wall(st);
}

/* The one row that st finds. */
static int read_one(struct leavers_row *row, struct statement *st,
    struct arena *arena, struct err *err)
{
    struct standing standing;
    int rc = statement_step(st, err);

    if (rc == 0)
        return err_set(err, ERR_NOT_FOUND, "store: no such leaver");
    if (rc < 0)
        return rc;
    read_row(row, st);
    row->sealed = statement_get_blob(st, arena);
    rc = statement_good(st, err);
    if (rc < 0)
        return rc;
    standing_init(&standing, st->db);
    return standing_fill(&standing, row, err);
}

int leavers_find(struct leavers_row *row, struct db *db, const struct tag *tag,
    struct arena *arena, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, FIND);

    statement_put_tag(&st, tag);
    return read_one(row, &st, arena, err);
}

int leavers_get(struct leavers_row *row, struct db *db, int64_t id,
    struct arena *arena, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, GET);

    statement_put_int(&st, id);
    return read_one(row, &st, arena, err);
}

int leavers_mark_sent(struct db *db, int64_t id, size_t count, int64_t stream,
    uint64_t seq, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, MARK_SENT);
    int rc;

    statement_put_int(&st, id);
    statement_put_int(&st, id + (int64_t)count - 1);
    statement_put_int(&st, stream);
    statement_put_number(&st, seq);
    rc = statement_run(&st, err);
    if (rc == 0 && (size_t)statement_changes(db) != count)
        return err_set(err, ERR_NOT_FOUND, "store: no such leaver");
    return rc;
}

int leavers_mark_read(struct db *db, const struct tag *tag,
    const struct laestab *school, uint64_t revision, const char *role, wall at,
    struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, MARK_READ);

    statement_put_tag(&st, tag);
    statement_put_number(&st, revision);
    statement_put_text(&st, role);
    statement_put_wall(&st, at);
    statement_put_school(&st, school);
    return statement_run(&st, err);
}

static const char *each_text(bool to, bool with_sealed)
{
    if (to)
        return with_sealed ? EACH_TO_SEALED : EACH_TO;
    return with_sealed ? EACH_SEALED : EACH;
}

static int visit_rows(struct statement *st, bool with_sealed,
    int (*visit)(void *arg, const struct leavers_row *row), void *arg,
    struct err *err)
{
    struct leavers_row row;
    struct standing standing;
    int rc;

    standing_init(&standing, st->db);
    while ((rc = statement_step(st, err)) == 1) {
        read_row(&row, st);
        if (with_sealed)
            row.sealed = statement_get_blob(st, NULL);
        rc = statement_good(st, err);
        if (rc == 0)
            rc = standing_fill(&standing, &row, err);
        if (rc == 0)
            rc = visit(arg, &row);
        if (rc != 0)
            return rc;
    }
    return rc;
}

int leavers_each(struct db *db, const struct laestab *to, bool with_sealed,
    int (*visit)(void *arg, const struct leavers_row *row), void *arg,
    struct err *err)
{
    SCOPED(statement_end)
    struct statement st =
        statement_start(db, each_text(to != NULL, with_sealed));

    if (to != NULL)
        statement_put_school(&st, to);
    return visit_rows(&st, with_sealed, visit, arg, err);
}

int leavers_each_between(struct db *db, int64_t first, int64_t last,
    int (*visit)(void *arg, const struct leavers_row *row), void *arg,
    struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, EACH_BETWEEN);

    statement_put_int(&st, first);
    statement_put_int(&st, last);
    return visit_rows(&st, true, visit, arg, err);
}

int leavers_each_sent(struct db *db, const struct leavers_range *range,
    int (*visit)(void *arg, const struct leavers_row *row), void *arg,
    struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, EACH_SENT);

    statement_put_int(&st, range->stream);
    statement_put_number(&st, range->first);
    statement_put_number(&st, range->last);
    return visit_rows(&st, true, visit, arg, err);
}

static int count_row(void *arg, const struct leavers_row *row)
{
    uint64_t *counts = arg;

    counts[row->state]++;
    return 0;
}

int leavers_count(struct db *db, uint64_t counts[16], struct err *err)
{
    memset(counts, 0, 16 * sizeof counts[0]);
    return leavers_each(db, NULL, false, count_row, counts, err);
}

int leavers_held_clear(
    struct db *db, const struct laestab *destination, struct err *err)
{
    SCOPED(statement_end)
    struct statement st =
        statement_start(db, "DELETE FROM held WHERE destination = ?1");

    statement_put_school(&st, destination);
    return statement_run(&st, err);
}

int leavers_held_next_id(struct db *db, int64_t *id, struct err *err)
{
    return statement_next_id(
        id, db, HANDLE_HELD, "SELECT max(id) FROM held", err);
}

int leavers_held_add(struct db *db, const struct held_row *row, struct err *err)
{
    SCOPED(statement_end)
    struct statement st =
        statement_start(db, "INSERT INTO held (id, destination, at, sealed)"
                            " VALUES (?1, ?2, ?3, ?4)");

    statement_put_int(&st, row->id);
    statement_put_school(&st, &row->destination);
    statement_put_wall(&st, row->at);
    statement_put_blob(&st, row->sealed);
    return statement_run(&st, err);
}

int leavers_held_each(struct db *db,
    int (*visit)(void *arg, const struct held_row *row), void *arg,
    struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(
        db, "SELECT id, destination, at, sealed FROM held ORDER BY id");
    int rc;

    while ((rc = statement_step(&st, err)) == 1) {
        struct held_row row = {.id = statement_get_int(&st)};

        row.destination = statement_get_school(&st);
        row.at = statement_get_wall(&st);
        row.sealed = statement_get_blob(&st, NULL);
        rc = visit(arg, &row);
        if (rc != 0)
            return rc;
    }
    return rc;
}
