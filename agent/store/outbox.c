#include "store/outbox.h"

#include "base/err.h"
#include "store/outrow.h"
#include "store/resend.h"
#include "store/statement.h"
#include "store/taking.h"

static const char OPEN_STREAM[] =
    "SELECT " OUTROW_STREAM " FROM streams_out"
    " WHERE recipient = ?1 AND lane = ?2 AND current = 1";
static const char NEW_STREAM[] =
    "INSERT INTO streams_out (recipient, lane, epoch, current, next_seq, head,"
    " put, received, applied, heard_at, exceptions)"
    " VALUES (?1, ?2, ?3, 1, 1, zeroblob(32), 0, 0, 0, 0, x'')";
static const char CLOSE_STREAM[] =
    "UPDATE streams_out SET current = 0 WHERE id = ?1";
static const char FORGET_SEALED[] =
    "DELETE FROM letters_out WHERE batch IN"
    " (SELECT id FROM batches WHERE stream = ?1 AND applied_at = 0)";
static const char FORGET_UNAPPLIED[] =
    "DELETE FROM batches WHERE stream = ?1 AND applied_at = 0";
static const char STREAM[] =
    "SELECT " OUTROW_STREAM " FROM streams_out WHERE id = ?1";
static const char EACH_STREAM[] =
    "SELECT " OUTROW_STREAM " FROM streams_out WHERE current = 1"
    " ORDER BY recipient, lane";
static const char ADVANCE[] =
    "UPDATE streams_out SET next_seq = ?3 + 1, head = ?4"
    " WHERE id = ?1 AND next_seq = ?2";
static const char APPEND[] =
    "INSERT INTO batches (stream, lane, envelope, first, last, content,"
    " created_at, put_at, received_at, applied_at, refused, answered,"
    " header)"
    " SELECT ?1, lane, ?2, ?3, ?4, ?5, ?6, 0, 0, 0, 0, 0, ?7"
    " FROM streams_out WHERE id = ?1";
static const char APPEND_SEALED[] =
    "INSERT INTO letters_out (batch, sealed) VALUES (?1, ?2)";
static const char UNPUT[] =
    "SELECT " OUTROW_BATCH OUTROW_HEADER " FROM batches"
    " WHERE put_at = 0 AND refused = 0 AND applied_at = 0 ORDER BY lane, id";
static const char FIND[] = "SELECT " OUTROW_BATCH OUTROW_HEADER " FROM batches"
                           " WHERE envelope = ?1";
static const char CONTENT_AT[] =
    "SELECT content FROM batches WHERE stream = ?1 AND last = ?2"
    " AND first <= ?2 ORDER BY first DESC LIMIT 1";
static const char EACH_BATCH[] =
    "SELECT " OUTROW_BATCH " FROM batches ORDER BY id";
static const char EACH_UNANSWERED[] =
    "SELECT " OUTROW_BATCH " FROM batches WHERE answered = 0 ORDER BY id";
static const char MARK_PUT[] =
    "UPDATE batches SET put_at = CASE ?3 WHEN 0 THEN ?2 ELSE put_at END,"
    " refused = CASE applied_at WHEN 0 THEN ?3 ELSE 0 END WHERE envelope = ?1";
static const char STREAM_OF[] =
    "SELECT stream FROM batches WHERE envelope = ?1";
static const char HEARD[] =
    "UPDATE streams_out SET heard_at = ?2 WHERE id = ?1";

static int new_stream(struct db *db, const struct laestab *recipient,
    enum lane lane, const struct id *epoch, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, NEW_STREAM);

    statement_put_school(&st, recipient);
    statement_put_int(&st, lane);
    statement_put_id(&st, epoch);
    return statement_run(&st, err);
}

int outbox_current(struct outbox_stream *out, struct db *db,
    const struct laestab *recipient, enum lane lane, struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, OPEN_STREAM);
    int rc;

    statement_put_school(&st, recipient);
    statement_put_int(&st, lane);
    rc = statement_step(&st, err);
    if (rc == 0)
        return err_set(err, ERR_NOT_FOUND, "store: no such stream");
    return rc < 0 ? rc : outrow_stream(out, &st, err);
}

int outbox_open_stream(struct outbox_stream *out, struct db *db,
    const struct laestab *recipient, enum lane lane, const struct id *epoch,
    struct err *err)
{
    int rc = outbox_current(out, db, recipient, lane, err);

    if (rc != ERR_NOT_FOUND)
        return rc;
    rc = new_stream(db, recipient, lane, epoch, err);
    if (rc < 0)
        return rc;
    return outbox_stream(out, db, statement_inserted(db), err);
}

static int run_on(
    struct db *db, const char *sql, int64_t stream, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, sql);

    statement_put_int(&st, stream);
    return statement_run(&st, err);
}

int outbox_new_epoch(struct db *db, const struct laestab *recipient,
    enum lane lane, const struct id *epoch, struct err *err)
{
    struct outbox_stream old;
    int rc = outbox_current(&old, db, recipient, lane, err);

    if (rc == 0)
        rc = run_on(db, CLOSE_STREAM, old.id, err);
    if (rc == 0)
        rc = run_on(db, FORGET_SEALED, old.id, err);
    if (rc == 0)
        rc = run_on(db, FORGET_UNAPPLIED, old.id, err);
    return rc < 0 && rc != ERR_NOT_FOUND
               ? rc
               : new_stream(db, recipient, lane, epoch, err);
}

int outbox_stream(
    struct outbox_stream *out, struct db *db, int64_t id, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, STREAM);
    int rc;

    statement_put_int(&st, id);
    rc = statement_step(&st, err);
    if (rc == 0)
        return err_set(err, ERR_NOT_FOUND, "store: no such stream");
    return rc < 0 ? rc : outrow_stream(out, &st, err);
}

int outbox_each_stream(struct db *db,
    int (*visit)(void *arg, const struct outbox_stream *stream), void *arg,
    struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, EACH_STREAM);
    struct outbox_stream stream;
    int rc;

    while ((rc = statement_step(&st, err)) == 1) {
        rc = outrow_stream(&stream, &st, err);
        if (rc == 0)
            rc = visit(arg, &stream);
        if (rc != 0)
            return rc;
    }
    return rc;
}

static int advance(
    struct db *db, const struct outbox_batch *batch, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, ADVANCE);
    int rc;

    statement_put_int(&st, batch->stream);
    statement_put_number(&st, batch->first);
    statement_put_number(&st, batch->last);
    statement_put_digest(&st, &batch->content);
    rc = statement_run(&st, err);
    if (rc == 0 && statement_changes(db) == 0)
        return err_set(err, ERR_STATE,
            "store: a batch does not begin at its stream's next number");
    return rc;
}

/* The sealed bytes of the batch that was inserted last. */
static int append_sealed(struct db *db, struct bytes sealed, struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, APPEND_SEALED);

    statement_put_int(&st, statement_inserted(db));
    statement_put_blob(&st, sealed);
    return statement_run(&st, err);
}

int outbox_append(
    struct db *db, const struct outbox_batch *batch, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, APPEND);
    int rc;

    if (batch->last < batch->first)
        return err_set(err, ERR_STATE, "store: a batch without numbers");
    rc = advance(db, batch, err);
    if (rc < 0)
        return rc;
    statement_put_int(&st, batch->stream);
    statement_put_id(&st, &batch->envelope);
    statement_put_number(&st, batch->first);
    statement_put_number(&st, batch->last);
    statement_put_digest(&st, &batch->content);
    statement_put_wall(&st, batch->created_at);
    statement_put_blob(&st, batch->header);
    rc = statement_run(&st, err);
    return rc < 0 ? rc : append_sealed(db, batch->sealed, err);
}

static bool flies(
    const struct outbox_flight *flight, int64_t id, int64_t stream)
{
    for (size_t i = 0; i < flight->count; i++)
        if (flight->ids[i] == id)
            return true;
    for (size_t i = 0; i < flight->held_count; i++)
        if (flight->held[i] == stream)
            return true;
    return false;
}

int outbox_next_unput(struct outbox_batch *out, struct db *db,
    const struct outbox_flight *flight, struct arena *arena, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, UNPUT);
    int rc;

    while ((rc = statement_step(&st, err)) == 1) {
        const int64_t id = statement_get_int(&st);

        if (!flies(flight, id, statement_get_int(&st))) {
            statement_rewind(&st);
            return outrow_whole_batch(out, &st, arena, err);
        }
    }
    if (rc == 0)
        return err_set(err, ERR_NOT_FOUND, "store: no more to send");
    return rc;
}

int outbox_find(struct outbox_batch *out, struct db *db,
    const struct id *envelope, struct arena *arena, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, FIND);
    int rc;

    statement_put_id(&st, envelope);
    rc = statement_step(&st, err);
    if (rc == 0)
        return err_set(err, ERR_NOT_FOUND, "store: no such batch");
    return rc < 0 ? rc : outrow_whole_batch(out, &st, arena, err);
}

int outbox_content_at(struct digest *out, struct db *db, int64_t stream,
    uint64_t last, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, CONTENT_AT);
    int rc;

    statement_put_int(&st, stream);
    statement_put_number(&st, last);
    rc = statement_step(&st, err);
    if (rc == 0)
        return err_set(err, ERR_NOT_FOUND, "store: no batch ends there");
    if (rc == 1)
        *out = statement_get_digest(&st);
    return rc < 0 ? rc : 0;
}

int outbox_each_batch(struct db *db, bool unreceipted_only,
    int (*visit)(void *arg, const struct outbox_batch *batch), void *arg,
    struct err *err)
{
    SCOPED(statement_end)
    struct statement st =
        statement_start(db, unreceipted_only ? EACH_UNANSWERED : EACH_BATCH);
    struct outbox_batch batch;
    int rc;

    while ((rc = statement_step(&st, err)) == 1) {
        rc = outrow_batch(&batch, &st, err);
        if (rc == 0)
            rc = visit(arg, &batch);
        if (rc != 0)
            return rc;
    }
    return rc;
}

static int count_put_of(
    struct db *db, const struct id *envelope, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, STREAM_OF);
    int rc;

    statement_put_id(&st, envelope);
    rc = statement_step(&st, err);
    return rc <= 0 ? rc : resend_count_put(db, statement_get_int(&st), err);
}

int outbox_mark_put(struct db *db, const struct id *envelope, wall at,
    enum reason refused, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, MARK_PUT);
    int rc;

    statement_put_id(&st, envelope);
    statement_put_wall(&st, at);
    statement_put_int(&st, refused);
    rc = statement_run(&st, err);
    if (rc == 0 && statement_changes(db) == 0)
        return err_set(err, ERR_NOT_FOUND, "store: no such batch");
    return rc < 0 ? rc : count_put_of(db, envelope, err);
}

static int note_heard(struct db *db, int64_t stream, wall at, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, HEARD);

    statement_put_int(&st, stream);
    statement_put_wall(&st, at);
    return statement_run(&st, err);
}

int outbox_take_receipt(struct db *db, const struct laestab *recipient,
    const struct receipt *receipt, struct bytes signed_receipt, wall at,
    bool *fresh, struct err *err)
{
    struct taking taking;
    bool covers = false;
    int rc = taking_find(&taking, db, recipient, receipt, err);

    *fresh = false;
    if (rc == 0)
        rc = taking_check(&taking, receipt, err);
    if (rc < 0 || taking_is_older(&taking, receipt))
        return rc;
    taking_merge(&taking, receipt, fresh, &covers);
    if (!*fresh)
        return note_heard(db, taking.stream, at, err);
    rc = taking_store(db, &taking, at, err);
    if (rc == 0)
        rc = resend_count_put(db, taking.stream, err);
    if (rc == 0 && covers)
        rc = taking_keep(db, &taking, signed_receipt, at, err);
    return rc;
}

int outbox_exceptions(struct exception **out, struct db *db, int64_t stream,
    struct arena *arena, struct err *err)
{
    struct ranges ranges;
    int rc = taking_exceptions(&ranges, db, stream, err);

    if (rc < 0)
        return rc;
    *out = arena_take(arena, (ranges.count + 1) * sizeof **out);
    memcpy(*out, ranges.items, ranges.count * sizeof **out);
    return (int)ranges.count;
}

int outbox_evidence(struct bytes *out, wall *at, struct db *db, int64_t stream,
    uint64_t seq, int kind, struct arena *arena, struct err *err)
{
    const struct taking_question question = {stream, seq, kind};

    return taking_evidence(out, at, db, &question, arena, err);
}
