/*
 * outbox - the author's side of every stream: numbers, sealed batches until
 * their receipt is here, receipts as evidence.
 *
 * outbox_append() takes numbers and stores the sealed batch in one transaction;
 * nothing leaves before it commits.  (epoch, seq) is never used twice.  A batch
 * keeps its sealed bytes until it is applied, and its times as long as it is
 * current state (store/compact.h).
 */
#ifndef STORE_OUTBOX_H
#define STORE_OUTBOX_H

#include "base/arena.h"
#include "store/leavers.h"
#include "wire/batch.h"

struct outbox_stream {
    int64_t id; /* 0: none yet */
    struct laestab recipient;
    enum lane lane; /* LANE_URGENT or LANE_NORMAL */
    struct id epoch;
    uint64_t next_seq;  /* from 1 */
    struct digest head; /* content digest of the newest batch; zeros at first */
    uint64_t put;       /* a hub has every batch up to here */
    uint64_t received, applied; /* by the newest verified receipt */
    wall heard_at;              /* of that receipt */
    /* filled by reads: numbers without an answer, that is neither applied nor
     * excepted for a reason that is final (all but MISSING), and when the
     * oldest such batch was created; 0 */
    uint64_t unreceipted;
    wall oldest_unreceipted;
};

struct outbox_batch {
    int64_t id;
    int64_t stream;
    struct id envelope;
    uint64_t first, last;
    struct digest content;
    struct bytes header; /* encoded; in arena */
    struct bytes sealed; /* in arena; empty once applied */
    /* received_at, applied_at: when all of its numbers were */
    wall created_at, put_at, received_at, applied_at;
    enum reason refused; /* by the hub or the recipient; 0 */
    unsigned tries;      /* how often it went again */
    struct id origin;    /* then: the envelope's name of the first time */
};

/** Find or make the stream (a new one gets epoch). */
MUST_CHECK int outbox_open_stream(struct outbox_stream *out, struct db *db,
    const struct laestab *recipient, enum lane lane, const struct id *epoch,
    struct err *err);
/** The current stream to recipient in lane.  Errors: ERR_NOT_FOUND. */
MUST_CHECK int outbox_current(struct outbox_stream *out, struct db *db,
    const struct laestab *recipient, enum lane lane, struct err *err);
/** Close the current stream to recipient in lane, if there is one, and open one
 * with this epoch.  What was not applied of the old one is never sent again:
 * the caller sends a snapshot in the new one. */
MUST_CHECK int outbox_new_epoch(struct db *db, const struct laestab *recipient,
    enum lane lane, const struct id *epoch, struct err *err);
MUST_CHECK int outbox_stream(
    struct outbox_stream *out, struct db *db, int64_t id, struct err *err);

/** Store a batch; advances next_seq to batch->last + 1 and head to its content.
 * Errors: ERR_STATE unless batch->first is the stream's next_seq. */
MUST_CHECK int outbox_append(
    struct db *db, const struct outbox_batch *batch, struct err *err);

/* Rows (outbox_batch.id) that are on their way to a hub already, and streams
 * that a hub has no room for now. */
struct outbox_flight {
    const int64_t *ids;
    size_t count;
    const int64_t *held;
    size_t held_count;
};
/** Of the batches that no hub has confirmed or refused, urgent lane first, then
 * oldest first: the first that is neither in flight nor held, with its bytes,
 * so that a sender with a window reads none twice.  Errors: ERR_NOT_FOUND. */
MUST_CHECK int outbox_next_unput(struct outbox_batch *out, struct db *db,
    const struct outbox_flight *flight, struct arena *arena, struct err *err);

/** The batch by its envelope's name.  Errors: ERR_NOT_FOUND. */
MUST_CHECK int outbox_find(struct outbox_batch *out, struct db *db,
    const struct id *envelope, struct arena *arena, struct err *err);

/** The content digest of the stream's batch that ends at last.
 * Errors: ERR_NOT_FOUND. */
MUST_CHECK int outbox_content_at(struct digest *out, struct db *db,
    int64_t stream, uint64_t last, struct err *err);

/** A hub confirmed it (at), or refused it (reason): then it waits for
 * resend_range().  Errors: ERR_NOT_FOUND. */
MUST_CHECK int outbox_mark_put(struct db *db, const struct id *envelope,
    wall at, enum reason refused, struct err *err);

/**
 * Take a verified receipt: received and applied only grow, exceptions replace
 * the stored ones, times are set on batches, the sealed bytes of batches that
 * are applied as a whole are dropped, and signed_receipt is kept as evidence
 * for all numbers that it is the first to cover.  *fresh is false for one that
 * says nothing new, or that is older than what is known: then nothing changes
 * but, for the newest once more, heard_at.
 *
 * Errors:
 *   ERR_NOT_FOUND  no such stream and epoch
 *   ERR_STATE      it claims more than was ever sent
 *   ERR_MALFORMED  its exceptions are not ascending and disjoint
 */
MUST_CHECK int outbox_take_receipt(struct db *db,
    const struct laestab *recipient, const struct receipt *receipt,
    struct bytes signed_receipt, wall at, bool *fresh, struct err *err);

/** The exceptions of the newest receipt; in arena.  Returns the count. */
MUST_CHECK int outbox_exceptions(struct exception **out, struct db *db,
    int64_t stream, struct arena *arena, struct err *err);

/** The signed receipt that first covered seq (kind 0: received, 1: applied).
 * Errors: ERR_NOT_FOUND. */
MUST_CHECK int outbox_evidence(struct bytes *out, wall *at, struct db *db,
    int64_t stream, uint64_t seq, int kind, struct arena *arena,
    struct err *err);

MUST_CHECK int outbox_each_stream(struct db *db,
    int (*visit)(void *arg, const struct outbox_stream *stream), void *arg,
    struct err *err);
/** unreceipted_only: those with numbers that have no answer yet. */
MUST_CHECK int outbox_each_batch(struct db *db, bool unreceipted_only,
    int (*visit)(void *arg, const struct outbox_batch *batch), void *arg,
    struct err *err); /* without the bytes */

#endif
