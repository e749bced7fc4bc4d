/*
 * account - how far each outgoing stream is, for the report to the cluster's
 * administrator: what outbox_each_stream() says, and since when the oldest
 * change of it waits.  Heartbeats wait for nobody.
 */
#ifndef STORE_ACCOUNT_H
#define STORE_ACCOUNT_H

#include "store/outbox.h"

struct account_stream {
    struct laestab recipient;
    enum lane lane;
    struct id epoch;
    uint64_t sent, received, applied; /* numbers */
    wall unreceived, unapplied;       /* 0: nothing waits */
};

/** Current epochs only. */
MUST_CHECK int account_each_stream(struct db *db,
    int (*visit)(void *arg, const struct account_stream *stream), void *arg,
    struct err *err);

/** The name of the letter that carries this number of a stream.
 * Errors: ERR_NOT_FOUND. */
MUST_CHECK int account_letter(struct id *out, struct db *db, int64_t stream,
    uint64_t number, struct err *err);

#endif
