/*
 * flight - the envelopes that are on their way to a hub and not confirmed.
 *
 * Plain bookkeeping: at most FLIGHT_MAX at a time, each for 30 s, then it may
 * go again.  A confirmed one stays until its mark is in the database, so that
 * it is not sent again in between.
 */
#ifndef AGENTD_FLIGHT_H
#define AGENTD_FLIGHT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/id.h"
#include "record/reason.h"
#include "wire/stream.h"

#define FLIGHT_MAX 64
#define FLIGHT_TIMEOUT_MS 30000

struct flight_item {
    struct id envelope;
    int64_t row;     /* outbox_batch.id; 0: a receipt */
    int64_t stream;  /* outbox_batch.stream; 0: a receipt */
    const void *hub; /* the link it went by */
    size_t bytes;
    struct header header; /* as it was put */
    mono deadline;
    bool done;          /* the hub has answered: */
    enum reason reason; /* REASON_NONE: it has it; else it never will */
};

struct flight {
    struct flight_item items[FLIGHT_MAX];
    size_t count;
    size_t bytes; /* of those not done */
};

void flight_add(struct flight *flight, const struct flight_item *item);
bool flight_has(const struct flight *flight, const struct id *envelope);
/** NULL: it is not on its way. */
const struct flight_item *flight_find(
    const struct flight *flight, const struct id *envelope);
bool flight_is_full(const struct flight *flight);

/** The rows in flight, receipts left out; returns how many. */
size_t flight_rows(int64_t rows[FLIGHT_MAX], const struct flight *flight);

/** The hub answered.  Unknown envelopes are passed over. */
void flight_done(
    struct flight *flight, const struct id *envelope, enum reason reason);

void flight_drop(struct flight *flight, const struct id *envelope);
void flight_drop_done(struct flight *flight);
/** The link is down: what was on its way by it may go by another. */
void flight_drop_hub(struct flight *flight, const void *hub);
void flight_expire(struct flight *flight, mono now);

/** The nearest deadline; 0: nothing is on its way. */
mono flight_deadline(const struct flight *flight);

#endif
