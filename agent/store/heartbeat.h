/*
 * heartbeat - which outgoing streams are due to say that nothing is missing: a
 * lost last batch shows as a gap only when something comes after it.
 *
 * Due is a stream in which nothing was put for `silence`, something other than
 * a heartbeat is younger than 60 days, and no heartbeat waits for its receipt:
 * so a peer that is away gets one, and a cluster without news grows quiet.
 */
#ifndef STORE_HEARTBEAT_H
#define STORE_HEARTBEAT_H

#include "store/outbox.h"

#define HEARTBEAT_DAYS 60

struct heartbeat_due {
    struct laestab recipient;
    enum lane lane;
};

/** At most max.  Returns the count or an error. */
MUST_CHECK int heartbeat_due(struct heartbeat_due *out, size_t max,
    struct db *db, wall now, int64_t silence_ms, struct err *err);

/** Within a transaction: the batch that begins there is nothing but one. */
MUST_CHECK int heartbeat_mark(
    struct db *db, int64_t stream, uint64_t first, struct err *err);

#endif
