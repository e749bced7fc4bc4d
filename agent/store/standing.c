#include "store/standing.h"

#include "base/err.h"
#include "store/statement.h"
#include "store/taking.h"

static const char STREAM[] =
    "SELECT received, applied, exceptions FROM streams_out WHERE id = ?1";

static const char BATCH[] =
    "SELECT first, last, created_at, put_at, received_at, applied_at, refused"
    " FROM batches WHERE stream = ?1 AND first <= ?2"
    " ORDER BY first DESC LIMIT 1";

void standing_init(struct standing *standing, struct db *db)
{
    standing->db = db;
    standing->stream = 0;
    standing->first = 0;
    standing->last = 0;
}

static int read_stream(
    struct standing *standing, int64_t stream, struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(standing->db, STREAM);
    int rc;

    standing->stream = 0;
    standing->first = 0;
    statement_put_int(&st, stream);
    rc = statement_step(&st, err);
    if (rc <= 0)
        return rc;
    standing->received = statement_get_number(&st);
    standing->applied = statement_get_number(&st);
    if (!ranges_decode(&standing->exceptions, statement_get_blob(&st, NULL)))
        return statement_error(standing->db, SQLITE_CORRUPT, err);
    standing->stream = stream;
    return 0;
}

static int read_batch(struct standing *standing, uint64_t seq, struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(standing->db, BATCH);
    int rc;

    standing->first = 0;
    statement_put_int(&st, standing->stream);
    statement_put_number(&st, seq);
    rc = statement_step(&st, err);
    if (rc <= 0)
        return rc;
    standing->first = statement_get_number(&st);
    standing->last = statement_get_number(&st);
    standing->created_at = statement_get_wall(&st);
    standing->put_at = statement_get_wall(&st);
    standing->received_at = statement_get_wall(&st);
    standing->applied_at = statement_get_wall(&st);
    standing->refused = (enum reason)statement_get_int(&st);
    if (standing->last < seq)
        standing->first = 0;
    return 0;
}

static bool holds(const struct standing *standing, uint64_t seq)
{
    return standing->first != 0 && standing->first <= seq &&
           seq <= standing->last;
}

static enum leaver_state after_sending(
    const struct standing *standing, const struct leavers_row *row)
{
    const struct exception *exception =
        ranges_find(&standing->exceptions, row->seq, row->seq);
    const bool missing =
        exception != NULL && exception->reason == REASON_MISSING;

    if (standing->refused == REASON_EXPIRED)
        return LEAVER_EXPIRED;
    if (standing->refused != REASON_NONE)
        return LEAVER_REJECTED;
    if (exception != NULL && !missing)
        return LEAVER_QUARANTINED;
    if (row->read_revision >= row->sent_revision)
        return LEAVER_READ;
    if (standing->applied >= row->seq && !missing)
        return LEAVER_APPLIED;
    if (standing->received >= row->seq && !missing)
        return LEAVER_RECEIVED;
    return standing->put_at.ms != 0 ? LEAVER_SENT : LEAVER_QUEUED;
}

static enum reason reason_of(
    const struct standing *standing, const struct leavers_row *row)
{
    if (row->state == LEAVER_REJECTED || row->state == LEAVER_EXPIRED)
        return standing->refused;
    if (row->state == LEAVER_QUARANTINED)
        return ranges_find(&standing->exceptions, row->seq, row->seq)->reason;
    return REASON_NONE;
}

static int find(
    struct standing *standing, const struct leavers_row *row, struct err *err)
{
    int rc = 0;

    if (standing->stream != row->stream)
        rc = read_stream(standing, row->stream, err);
    if (rc == 0 && standing->stream != 0 && !holds(standing, row->seq))
        rc = read_batch(standing, row->seq, err);
    return rc;
}

/* A batch with an exception in it has no times of its own: the evidence for the
 * number has. */
static int fill_time(struct standing *standing, wall *at,
    const struct leavers_row *row, int kind, struct err *err)
{
    const struct taking_question question = {row->stream, row->seq, kind};
    struct bytes signed_receipt;
    int rc;

    if (at->ms != 0)
        return 0;
    rc = taking_evidence(
        &signed_receipt, at, standing->db, &question, NULL, err);
    if (rc == ERR_NOT_FOUND)
        *at = (wall){0};
    return rc == ERR_NOT_FOUND ? 0 : rc;
}

static int fill_times(
    struct standing *standing, struct leavers_row *row, struct err *err)
{
    int rc = 0;

    row->queued_at = standing->created_at;
    row->sent_at = standing->put_at;
    row->received_at = standing->received_at;
    row->applied_at = standing->applied_at;
    if (standing->received >= row->seq)
        rc = fill_time(standing, &row->received_at, row, 0, err);
    if (rc == 0 && standing->applied >= row->seq)
        rc = fill_time(standing, &row->applied_at, row, 1, err);
    return rc;
}

int standing_fill(
    struct standing *standing, struct leavers_row *row, struct err *err)
{
    int rc;

    row->state = row->recalled_at.ms != 0 ? LEAVER_RECALLED
                 : row->blocked           ? LEAVER_DRAFT
                                          : LEAVER_READY;
    if (row->sent_revision == 0)
        return 0;
    rc = find(standing, row, err);
    if (rc < 0 || standing->stream == 0 || !holds(standing, row->seq))
        return rc;
    if (row->state == LEAVER_READY && row->revision <= row->sent_revision) {
        row->state = after_sending(standing, row);
        row->reason = reason_of(standing, row);
    } else if (row->state == LEAVER_RECALLED) {
        row->reason = standing->refused;
    }
    return fill_times(standing, row, err);
}
