#include "store/ending.h"

#include "store/resend.h"
#include "store/statement.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static const char FIND[] =
    "SELECT stream, first, last, created_at FROM batches"
    " WHERE envelope = ?1 AND received_at = 0 AND applied_at = 0"
    " AND put_at > 0";
static const char ADD[] =
    "INSERT INTO endings (stream, first, reason, hub, at, signed)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET"
    " hub = excluded.hub, at = excluded.at, signed = excluded.signed"
    " WHERE length(signed) = 0";
static const char BATCH[] =
    "SELECT stream, first, last, created_at FROM batches WHERE envelope = ?1";
static const char OF[] =
    "SELECT envelope, e.reason, e.hub, e.at, e.signed FROM endings AS e"
    " JOIN batches AS b ON b.stream = e.stream AND b.first = e.first"
    " WHERE e.stream = ?1 AND e.first = ?2 ORDER BY e.at, e.reason";
static const char EXPIRE[] =
    "UPDATE batches SET refused = ?2 WHERE envelope = ?1";
static const char EACH[] =
    "SELECT s.recipient, e.reason, count(*), min(e.at), max(e.hub),"
    " count(DISTINCT e.hub), min(length(e.signed)) FROM endings AS e"
    " JOIN batches AS b ON b.stream = e.stream AND b.first = e.first"
    " JOIN streams_out AS s ON s.id = e.stream"
    " JOIN leavers AS l ON l.stream = b.stream"
    "  AND l.seq BETWEEN b.first AND b.last"
    " WHERE b.applied_at = 0 AND b.received_at = 0 AND b.put_at > 0"
    " AND e.reason IN (?1, ?2)"
    " AND b.refused = CASE e.reason WHEN ?1 THEN ?1 ELSE 0 END"
    " GROUP BY s.recipient, e.reason ORDER BY s.recipient, e.reason";

struct found {
    int64_t stream;
    uint64_t first, last;
    wall created_at;
};

/* 1: there is a batch in that envelope. */
static int find(struct found *out, struct db *db, const char *text,
    const struct id *envelope, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, text);
    int rc;

    statement_put_id(&st, envelope);
    rc = statement_step(&st, err);
    if (rc != 1)
        return rc;
    out->stream = statement_get_int(&st);
    out->first = statement_get_number(&st);
    out->last = statement_get_number(&st);
    out->created_at = statement_get_wall(&st);
    rc = statement_good(&st, err);
    return rc < 0 ? rc : 1;
}

static int add(struct db *db, const struct found *found,
    const struct ending *ending, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, ADD);

    statement_put_int(&st, found->stream);
    statement_put_number(&st, found->first);
    statement_put_int(&st, ending->reason);
    statement_put_text(&st, ending->hub);
    statement_put_wall(&st, ending->at);
    statement_put_blob(&st, ending->is_signed);
    return statement_run(&st, err);
}

static int expire(struct db *db, const struct id *envelope, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, EXPIRE);

    statement_put_id(&st, envelope);
    statement_put_int(&st, REASON_EXPIRED);
    return statement_run(&st, err);
}

int ending_add(bool *lost, struct db *db, const struct ending *ending, wall now,
    struct err *err)
{
    struct found found;
    int rc = find(&found, db, FIND, &ending->envelope, err);

    *lost = false;
    if (rc != 1)
        return rc;
    if (ending->reason == REASON_EXPIRED &&
        now.ms - found.created_at.ms < ENDING_LEAST_DAYS * DAY_MS) {
        *lost = true;
        rc = resend_range(db, found.stream, found.first, found.last, err);
        return rc < 0 ? rc : 0;
    }
    rc = add(db, &found, ending, err);
    if (rc == 0 && ending->reason == REASON_EXPIRED)
        rc = expire(db, &ending->envelope, err);
    return rc;
}

int ending_note(struct db *db, const struct ending *ending, struct err *err)
{
    struct found found;
    const int rc = find(&found, db, BATCH, &ending->envelope, err);

    return rc == 1 ? add(db, &found, ending, err) : rc;
}

int ending_of(struct ending *out, size_t max, struct db *db, int64_t stream,
    uint64_t first, struct arena *arena, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, OF);
    size_t count = 0;
    int rc = 0;

    statement_put_int(&st, stream);
    statement_put_number(&st, first);
    while (count < max && (rc = statement_step(&st, err)) == 1) {
        struct ending *ending = &out[count++];
        char *hub = arena_take(arena, ENDING_HUB_SIZE);

        ending->envelope = statement_get_id(&st);
        ending->reason = (enum reason)statement_get_int(&st);
        statement_get_text(&st, hub, ENDING_HUB_SIZE);
        ending->hub = hub;
        ending->at = statement_get_wall(&st);
        ending->is_signed = statement_get_blob(&st, arena);
    }
    if (rc >= 0)
        rc = statement_good(&st, err);
    return rc < 0 ? rc : (int)count;
}

int ending_each(struct db *db,
    int (*visit)(void *arg, const struct ending_count *count), void *arg,
    struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, EACH);
    int rc;

    statement_put_int(&st, REASON_EXPIRED);
    statement_put_int(&st, REASON_EXPIRING);
    while ((rc = statement_step(&st, err)) == 1) {
        struct ending_count count;

        count.recipient = statement_get_school(&st);
        count.reason = (enum reason)statement_get_int(&st);
        count.leavers = (unsigned)statement_get_int(&st);
        count.at = statement_get_wall(&st);
        statement_get_text(&st, count.hub, sizeof count.hub);
        count.hubs = (unsigned)statement_get_int(&st);
        count.is_signed = statement_get_int(&st) > 0;
        rc = visit(arg, &count);
        if (rc != 0)
            return rc;
    }
    return rc;
}
