/*
 * outrow - rows of the outbox's tables as structs; for this room only.
 */
#ifndef STORE_OUTROW_H
#define STORE_OUTROW_H

#include "store/outbox.h"
#include "store/statement.h"

/* The two last columns are what reads fill in: a number that is excepted is not
 * applied, and that needs the blob (outrow_stream). */
#define OUTROW_STREAM                                                          \
    "id, recipient, lane, epoch, next_seq, head, put, received, applied,"      \
    " heard_at, exceptions, coalesce((SELECT created_at FROM batches"          \
    "  WHERE stream = streams_out.id AND answered = 0"                         \
    "  ORDER BY first LIMIT 1), 0)"

#define OUTROW_BATCH                                                           \
    "id, stream, envelope, first, last, content, created_at, put_at,"          \
    " received_at, applied_at, refused, tries,"                                \
    " coalesce(origin, zeroblob(16))"
#define OUTROW_HEADER ", header" /* after OUTROW_BATCH */

/** A row of OUTROW_STREAM. */
MUST_CHECK int outrow_stream(
    struct outbox_stream *out, struct statement *st, struct err *err);

/** A row of OUTROW_BATCH. */
MUST_CHECK int outrow_batch(
    struct outbox_batch *out, struct statement *st, struct err *err);

/** A row of OUTROW_BATCH OUTROW_HEADER, with the sealed bytes (none once it is
 * applied). */
MUST_CHECK int outrow_whole_batch(struct outbox_batch *out,
    struct statement *st, struct arena *arena, struct err *err);

#endif
