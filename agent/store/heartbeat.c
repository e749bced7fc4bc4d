#include "store/heartbeat.h"

#include "store/statement.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* Newest is what has the highest number, not what has the latest time; and what
 * was made a day in the future was made by a clock that has been set since. */
static const char DUE[] =
    "SELECT recipient, lane FROM streams_out AS s"
    " WHERE current = 1 AND next_seq > 1"
    " AND (SELECT created_at FROM batches WHERE stream = s.id"
    "  ORDER BY first DESC LIMIT 1) NOT BETWEEN ?1 + 1 AND ?3"
    " AND (SELECT created_at FROM batches WHERE stream = s.id"
    "  AND heartbeat = 0 ORDER BY first DESC LIMIT 1) > ?2"
    " AND NOT EXISTS (SELECT 1 FROM batches WHERE stream = s.id"
    "  AND heartbeat = 1 AND applied_at = 0)"
    " ORDER BY id";
static const char MARK[] =
    "UPDATE batches SET heartbeat = 1 WHERE stream = ?1 AND first = ?2";

int heartbeat_due(struct heartbeat_due *out, size_t max, struct db *db,
    wall now, int64_t silence_ms, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, DUE);
    size_t count = 0;
    int rc = 0;

    statement_put_int(&st, now.ms - silence_ms);
    statement_put_int(&st, now.ms - HEARTBEAT_DAYS * DAY_MS);
    statement_put_int(&st, now.ms + silence_ms);
    while (count < max && (rc = statement_step(&st, err)) == 1) {
        out[count].recipient = statement_get_school(&st);
        out[count++].lane = (enum lane)statement_get_int(&st);
    }
    return rc < 0 ? rc : (int)count;
}

int heartbeat_mark(
    struct db *db, int64_t stream, uint64_t first, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, MARK);

    statement_put_int(&st, stream);
    statement_put_number(&st, first);
    return statement_run(&st, err);
}
