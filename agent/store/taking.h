/*
 * taking - what a verified receipt changes in a stream, its batches and the
 * evidence; for this room only (outbox_take_receipt).
 *
 * A receipt is older than the one that is known if it claims less, or the same
 * with more exceptions: holes only shrink until a higher number comes.
 */
#ifndef STORE_TAKING_H
#define STORE_TAKING_H

#include "store/outbox.h"
#include "store/ranges.h"

struct taking {
    int64_t stream;
    uint64_t next_seq;
    /* as it stands, and as it will */
    uint64_t received, applied;
    struct ranges exceptions;
};

/** The stream's row by (recipient, lane, epoch).  Errors: ERR_NOT_FOUND. */
MUST_CHECK int taking_find(struct taking *out, struct db *db,
    const struct laestab *recipient, const struct receipt *receipt,
    struct err *err);

/** Errors: ERR_STATE, ERR_MALFORMED: see outbox_take_receipt(). */
MUST_CHECK int taking_check(const struct taking *taking,
    const struct receipt *receipt, struct err *err);

bool taking_is_older(
    const struct taking *taking, const struct receipt *receipt);

/** Merge the receipt in.  *fresh: it says something new.  *covers: numbers that
 * no receipt covered before. */
void taking_merge(struct taking *taking, const struct receipt *receipt,
    bool *fresh, bool *covers);

/** Write the stream's row and the marks of its batches. */
MUST_CHECK int taking_store(
    struct db *db, const struct taking *taking, wall at, struct err *err);

/** Keep the signed bytes. */
MUST_CHECK int taking_keep(struct db *db, const struct taking *taking,
    struct bytes signed_receipt, wall at, struct err *err);

/** The exceptions of the newest receipt. */
MUST_CHECK int taking_exceptions(
    struct ranges *out, struct db *db, int64_t stream, struct err *err);

struct taking_question {
    int64_t stream;
    uint64_t seq;
    int kind; /* 0: received, 1: applied */
};
/** The first kept receipt that covers a number.  Errors: ERR_NOT_FOUND. */
MUST_CHECK int taking_evidence(struct bytes *out, wall *at, struct db *db,
    const struct taking_question *question, struct arena *arena,
    struct err *err);

#endif
