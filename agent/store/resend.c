#include "store/resend.h"

#include "store/statement.h"

#define RENAME                                                                 \
    "UPDATE batches SET put_at = 0, refused = 0, answered = 0,"                \
    " origin = coalesce(origin, envelope), envelope = randomblob(16),"         \
    " tries = tries + 1"

static const char AGAIN[] =
    RENAME " WHERE stream = ?1"
           " AND first <= ?3 AND last >= ?2 AND applied_at = 0";
/* The clock may have been set between: what was put in the future is overdue,
 * and its age counts no more than doubling the patience each time would. */
static const char OVERDUE[] =
    RENAME " WHERE applied_at = 0 AND received_at = 0 AND refused = 0"
           " AND put_at > 0 AND (put_at - ?1 >= ?2 OR ?1 - put_at >="
           "  max(?2, min(put_at - created_at, ?2 << min(tries, 6))))";
/* An applied batch was put; so the first that was not is among the others. */
#define COUNT_PUT                                                              \
    "UPDATE streams_out SET put = coalesce((SELECT first - 1 FROM batches"     \
    "  WHERE stream = streams_out.id AND applied_at = 0 AND put_at = 0"        \
    "  ORDER BY first LIMIT 1), next_seq - 1)"
static const char COUNT_ONE[] = COUNT_PUT " WHERE id = ?1";
static const char COUNT_ALL[] = COUNT_PUT " WHERE current = 1";

int resend_count_put(struct db *db, int64_t stream, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, COUNT_ONE);

    statement_put_int(&st, stream);
    return statement_run(&st, err);
}

int resend_range(struct db *db, int64_t stream, uint64_t first, uint64_t last,
    struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, AGAIN);
    int count;
    int rc;

    statement_put_int(&st, stream);
    statement_put_number(&st, first);
    statement_put_number(&st, last);
    rc = statement_run(&st, err);
    if (rc < 0)
        return rc;
    count = statement_changes(db);
    rc = resend_count_put(db, stream, err);
    return rc < 0 ? rc : count;
}

static int count_all(struct db *db, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, COUNT_ALL);

    return statement_run(&st, err);
}

int resend_overdue(
    struct db *db, wall now, int64_t patience_ms, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, OVERDUE);
    int count;
    int rc;

    statement_put_wall(&st, now);
    statement_put_int(&st, patience_ms);
    rc = statement_run(&st, err);
    count = rc < 0 ? 0 : statement_changes(db);
    if (count > 0)
        rc = count_all(db, err);
    return rc < 0 ? rc : count;
}
