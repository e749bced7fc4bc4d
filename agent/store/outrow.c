#include "store/outrow.h"

#include "store/ranges.h"

static const char SEALED[] = "SELECT sealed FROM letters_out WHERE batch = ?1";

int outrow_stream(
    struct outbox_stream *out, struct statement *st, struct err *err)
{
    struct ranges exceptions;

    *out = (struct outbox_stream){.id = statement_get_int(st)};
    out->recipient = statement_get_school(st);
    out->lane = (enum lane)statement_get_int(st);
    out->epoch = statement_get_id(st);
    out->next_seq = statement_get_number(st);
    out->head = statement_get_digest(st);
    out->put = statement_get_number(st);
    out->received = statement_get_number(st);
    out->applied = statement_get_number(st);
    out->heard_at = statement_get_wall(st);
    if (!ranges_decode(&exceptions, statement_get_blob(st, NULL)))
        return statement_error(st->db, SQLITE_CORRUPT, err);
    out->unreceipted = out->next_seq - 1 - out->applied +
                       ranges_missing(&exceptions, out->applied);
    out->oldest_unreceipted = statement_get_wall(st);
    return statement_good(st, err);
}

/* All columns but the bytes. */
static void read_columns(struct outbox_batch *out, struct statement *st)
{
    *out = (struct outbox_batch){.id = statement_get_int(st)};
    out->stream = statement_get_int(st);
    out->envelope = statement_get_id(st);
    out->first = statement_get_number(st);
    out->last = statement_get_number(st);
    out->content = statement_get_digest(st);
    out->created_at = statement_get_wall(st);
    out->put_at = statement_get_wall(st);
    out->received_at = statement_get_wall(st);
    out->applied_at = statement_get_wall(st);
    out->refused = (enum reason)statement_get_int(st);
    out->tries = (unsigned)statement_get_int(st);
    out->origin = statement_get_id(st);
}

int outrow_batch(
    struct outbox_batch *out, struct statement *st, struct err *err)
{
    read_columns(out, st);
    return statement_good(st, err);
}

static int read_sealed(struct outbox_batch *out, struct db *db,
    struct arena *arena, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, SEALED);
    int rc;

    statement_put_int(&st, out->id);
    rc = statement_step(&st, err);
    if (rc == 1)
        out->sealed = statement_get_blob(&st, arena);
    return rc < 0 ? rc : 0;
}

int outrow_whole_batch(struct outbox_batch *out, struct statement *st,
    struct arena *arena, struct err *err)
{
    int rc;

    read_columns(out, st);
    out->header = statement_get_blob(st, arena);
    rc = statement_good(st, err);
    return rc < 0 ? rc : read_sealed(out, st->db, arena, err);
}
