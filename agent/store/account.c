#include "store/account.h"

#include "base/err.h"
#include "store/statement.h"

static const char EACH[] =
    "SELECT recipient, lane, epoch, next_seq - 1, received, applied,"
    " coalesce((SELECT min(created_at) FROM batches WHERE stream = s.id"
    "  AND answered = 0 AND received_at = 0 AND heartbeat = 0), 0),"
    " coalesce((SELECT min(created_at) FROM batches WHERE stream = s.id"
    "  AND answered = 0 AND heartbeat = 0), 0)"
    " FROM streams_out AS s WHERE current = 1 ORDER BY recipient, lane";

static const char LETTER[] =
    "SELECT envelope FROM batches"
    " WHERE stream = ?1 AND first <= ?2 AND last >= ?2";

int account_each_stream(struct db *db,
    int (*visit)(void *arg, const struct account_stream *stream), void *arg,
    struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, EACH);
    int rc;

    while ((rc = statement_step(&st, err)) == 1) {
        struct account_stream stream;

        stream.recipient = statement_get_school(&st);
        stream.lane = (enum lane)statement_get_int(&st);
        stream.epoch = statement_get_id(&st);
        stream.sent = statement_get_number(&st);
        stream.received = statement_get_number(&st);
        stream.applied = statement_get_number(&st);
        stream.unreceived = statement_get_wall(&st);
        stream.unapplied = statement_get_wall(&st);
        rc = statement_good(&st, err);
        if (rc == 0)
            rc = visit(arg, &stream);
        if (rc != 0)
            return rc;
    }
    return rc;
}

int account_letter(struct id *out, struct db *db, int64_t stream,
    uint64_t number, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, LETTER);
    int rc;

    statement_put_int(&st, stream);
    statement_put_number(&st, number);
    rc = statement_step(&st, err);
    if (rc == 0)
        return err_set(err, ERR_NOT_FOUND, "store: no letter has this number");
    if (rc < 0)
        return rc;
    *out = statement_get_id(&st);
    return statement_good(&st, err);
}
