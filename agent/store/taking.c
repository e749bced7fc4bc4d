#include "store/taking.h"

#include "base/err.h"
#include "store/statement.h"

static const char FIND[] =
    "SELECT id, next_seq, received, applied, exceptions FROM streams_out"
    " WHERE recipient = ?1 AND lane = ?2 AND epoch = ?3";
static const char STORE[] =
    "UPDATE streams_out SET received = ?2, applied = ?3, exceptions = ?4,"
    " heard_at = ?5 WHERE id = ?1";
static const char UNAPPLIED[] =
    "SELECT id, first, last FROM batches"
    " WHERE stream = ?1 AND applied_at = 0 AND first > ?2 AND last <= ?3"
    " ORDER BY first LIMIT 64";
#define DUE_MAX 64
/* What was received was put, whatever the hub's lost answer said. */
static const char RECEIVED[] =
    "UPDATE batches SET received_at = ?2, refused = 0,"
    " put_at = CASE put_at WHEN 0 THEN ?2 ELSE put_at END"
    " WHERE id = ?1 AND received_at = 0";
static const char ANSWERED[] =
    "UPDATE batches SET answered = ?2 WHERE id = ?1 AND answered = 0";
static const char APPLIED[] =
    "UPDATE batches SET applied_at = ?2 WHERE id = ?1";
static const char DROP_SEALED[] = "DELETE FROM letters_out WHERE batch = ?1";
static const char KEEP[] =
    "INSERT INTO evidence (stream, received, applied, at, exceptions, signed)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
static const char EXCEPTIONS[] =
    "SELECT exceptions FROM streams_out WHERE id = ?1";
static const char EVIDENCE[] =
    "SELECT received, applied, at, exceptions, signed FROM evidence"
    " WHERE stream = ?1 ORDER BY id";

int taking_find(struct taking *out, struct db *db,
    const struct laestab *recipient, const struct receipt *receipt,
    struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, FIND);
    int rc;

    statement_put_school(&st, recipient);
    statement_put_int(&st, receipt->lane);
    statement_put_id(&st, &receipt->epoch);
    rc = statement_step(&st, err);
    if (rc == 0)
        return err_set(
            err, ERR_NOT_FOUND, "store: a receipt of a stream we never had");
    if (rc < 0)
        return rc;
    out->stream = statement_get_int(&st);
    out->next_seq = statement_get_number(&st);
    out->received = statement_get_number(&st);
    out->applied = statement_get_number(&st);
    if (!ranges_decode(&out->exceptions, statement_get_blob(&st, NULL)))
        return statement_error(db, SQLITE_CORRUPT, err);
    return 0;
}

int taking_check(
    const struct taking *taking, const struct receipt *receipt, struct err *err)
{
    struct ranges ranges;

    if (receipt->received >= taking->next_seq ||
        receipt->applied > receipt->received)
        return err_set(
            err, ERR_STATE, "store: a receipt for more than was ever sent");
    if (!ranges_copy(&ranges, receipt->exceptions, receipt->exception_count))
        return err_set(err, ERR_MALFORMED,
            "store: the exceptions of a receipt are not in order");
    if (ranges.count > 0 &&
        ranges.items[ranges.count - 1].last > receipt->received)
        return err_set(err, ERR_STATE,
            "store: a receipt with exceptions beyond what it received");
    return 0;
}

bool taking_is_older(const struct taking *taking, const struct receipt *receipt)
{
    struct ranges theirs = {.count = 0};

    if (receipt->received != taking->received)
        return receipt->received < taking->received;
    if (!ranges_copy(&theirs, receipt->exceptions, receipt->exception_count))
        return true;
    return receipt->applied < taking->applied ||
           ranges_numbers(&theirs, receipt->received) >
               ranges_numbers(&taking->exceptions, receipt->received);
}

static bool same_ranges(const struct ranges *a, const struct ranges *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->items[i].first != b->items[i].first ||
            a->items[i].last != b->items[i].last ||
            a->items[i].reason != b->items[i].reason)
            return false;
    return true;
}

void taking_merge(struct taking *taking, const struct receipt *receipt,
    bool *fresh, bool *covers)
{
    const struct taking before = *taking;
    const uint64_t known = before.received;

    if (receipt->received > taking->received)
        taking->received = receipt->received;
    if (receipt->applied > taking->applied)
        taking->applied = receipt->applied;
    if (!ranges_copy(
            &taking->exceptions, receipt->exceptions, receipt->exception_count))
        taking->exceptions.count = 0; /* taking_check() refused it */
    *covers = taking->received > before.received ||
              taking->applied > before.applied ||
              ranges_numbers(&taking->exceptions, known) <
                  ranges_numbers(&before.exceptions, known) ||
              ranges_missing(&taking->exceptions, known) <
                  ranges_missing(&before.exceptions, known);
    *fresh = *covers || !same_ranges(&taking->exceptions, &before.exceptions);
}

static int store_stream(
    struct db *db, const struct taking *taking, wall at, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, STORE);
    uint8_t blob[RANGES_MAX_BYTES];

    statement_put_int(&st, taking->stream);
    statement_put_number(&st, taking->received);
    statement_put_number(&st, taking->applied);
    statement_put_blob(&st, ranges_encode(blob, &taking->exceptions));
    statement_put_wall(&st, at);
    return statement_run(&st, err);
}

static int mark(
    struct db *db, const char *text, int64_t batch, wall at, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, text);

    statement_put_int(&st, batch);
    statement_put_wall(&st, at);
    return statement_run(&st, err);
}

static int delete_sealed(struct db *db, int64_t batch, struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, DROP_SEALED);

    statement_put_int(&st, batch);
    return statement_run(&st, err);
}

/* Nobody here can open what is sealed for the recipient.  So the pages that it
 * leaves are not overwritten, which would log its 300 KB once more. */
static int drop_sealed(struct db *db, int64_t batch, struct err *err)
{
    int rc = statement_exec(db, "PRAGMA secure_delete = FAST", err);
    int after;

    if (rc == 0)
        rc = delete_sealed(db, batch, err);
    after =
        statement_exec(db, "PRAGMA secure_delete = ON", rc == 0 ? err : NULL);
    return rc < 0 ? rc : after;
}

struct due {
    int64_t batch;
    uint64_t first, last;
};

/* The next batches after `after` that were received and are not applied. */
static int read_due(struct due out[DUE_MAX], struct db *db,
    const struct taking *taking, uint64_t after, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, UNAPPLIED);
    int count = 0;
    int rc;

    statement_put_int(&st, taking->stream);
    statement_put_number(&st, after);
    statement_put_number(&st, taking->received);
    while ((rc = statement_step(&st, err)) == 1 && count < DUE_MAX) {
        out[count].batch = statement_get_int(&st);
        out[count].first = statement_get_number(&st);
        out[count++].last = statement_get_number(&st);
    }
    return rc < 0 ? rc : count;
}

static int mark_due(struct db *db, const struct taking *taking,
    const struct due *due, wall at, struct err *err)
{
    const struct ranges *exceptions = &taking->exceptions;
    int rc;

    if (ranges_find_missing(exceptions, due->first, due->last) != NULL)
        return 0;
    rc = mark(db, RECEIVED, due->batch, at, err);
    if (rc < 0 || due->last > taking->applied)
        return rc;
    rc = mark(db, ANSWERED, due->batch, at, err);
    if (rc < 0 || ranges_find(exceptions, due->first, due->last) != NULL)
        return rc;
    rc = mark(db, APPLIED, due->batch, at, err);
    return rc < 0 ? rc : drop_sealed(db, due->batch, err);
}

static int mark_batches(
    struct db *db, const struct taking *taking, wall at, struct err *err)
{
    struct due due[DUE_MAX];
    uint64_t after = 0;
    int count;

    while ((count = read_due(due, db, taking, after, err)) > 0) {
        for (int i = 0; i < count; i++) {
            int rc = mark_due(db, taking, &due[i], at, err);

            if (rc < 0)
                return rc;
        }
        after = due[count - 1].first;
    }
    return count;
}

int taking_store(
    struct db *db, const struct taking *taking, wall at, struct err *err)
{
    int rc = store_stream(db, taking, at, err);

    return rc < 0 ? rc : mark_batches(db, taking, at, err);
}

int taking_keep(struct db *db, const struct taking *taking,
    struct bytes signed_receipt, wall at, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, KEEP);
    uint8_t blob[RANGES_MAX_BYTES];

    statement_put_int(&st, taking->stream);
    statement_put_number(&st, taking->received);
    statement_put_number(&st, taking->applied);
    statement_put_wall(&st, at);
    statement_put_blob(&st, ranges_encode(blob, &taking->exceptions));
    statement_put_blob(&st, signed_receipt);
    return statement_run(&st, err);
}

int taking_exceptions(
    struct ranges *out, struct db *db, int64_t stream, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, EXCEPTIONS);
    int rc;

    statement_put_int(&st, stream);
    rc = statement_step(&st, err);
    if (rc == 0)
        return err_set(err, ERR_NOT_FOUND, "store: no such stream");
    if (rc < 0)
        return rc;
    if (!ranges_decode(out, statement_get_blob(&st, NULL)))
        return statement_error(db, SQLITE_CORRUPT, err);
    return 0;
}

static bool answers(const struct taking *row, const struct taking_question *q)
{
    if (q->kind == 0)
        return row->received >= q->seq &&
               ranges_find_missing(&row->exceptions, q->seq, q->seq) == NULL;
    return row->applied >= q->seq &&
           ranges_find(&row->exceptions, q->seq, q->seq) == NULL;
}

int taking_evidence(struct bytes *out, wall *at, struct db *db,
    const struct taking_question *question, struct arena *arena,
    struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, EVIDENCE);
    int rc;

    statement_put_int(&st, question->stream);
    while ((rc = statement_step(&st, err)) == 1) {
        struct taking row = {.received = statement_get_number(&st)};

        row.applied = statement_get_number(&st);
        *at = statement_get_wall(&st);
        if (!ranges_decode(&row.exceptions, statement_get_blob(&st, NULL)))
            return statement_error(db, SQLITE_CORRUPT, err);
        if (answers(&row, question)) {
            *out = statement_get_blob(&st, arena);
            return statement_good(&st, err);
        }
    }
    if (rc == 0)
        return err_set(err, ERR_NOT_FOUND, "store: no receipt covers it yet");
    return rc;
}
