/*
 * resend - batches that go again, each under a new envelope name: a hub that
 * remembers the old one would take them for delivered.  The name that a batch
 * was first put under stays as its origin, so that a hub which still keeps it
 * replaces it and does not keep both.  For this room, and for who asks by time.
 */
#ifndef STORE_RESEND_H
#define STORE_RESEND_H

#include <stdint.h>

#include "base/attr.h"
#include "base/clock.h"

struct db;
struct err;

/** Batches of stream that touch first..last, and whose bytes are still here,
 * lose their put mark and their refusal, and get a new envelope name.  Returns
 * how many or an error. */
MUST_CHECK int resend_range(struct db *db, int64_t stream, uint64_t first,
    uint64_t last, struct err *err);

/** Note up to where a hub has every batch of this stream. */
MUST_CHECK int resend_count_put(struct db *db, int64_t stream, struct err *err);

/**
 * Within a transaction: what a hub took and no receipt covers after `patience`
 * goes again; then after as long as it has waited by then, so that a school
 * that is away for months costs a handful of sendings.  Refused batches do not.
 * Returns how many or an error.
 */
MUST_CHECK int resend_overdue(
    struct db *db, wall now, int64_t patience_ms, struct err *err);

#endif
