/*
 * standing - what became of one number of a stream, by its batch and the newest
 * receipt; for this room only.
 *
 * It remembers the batch and the stream it read last: rows that are visited in
 * their order went out in the same batches, so a list costs two queries a batch
 * and not two a row.
 */
#ifndef STORE_STANDING_H
#define STORE_STANDING_H

#include "store/leavers.h"
#include "store/ranges.h"

struct standing {
    struct db *db;
    /* the stream read last; 0: none */
    int64_t stream;
    uint64_t received, applied;
    struct ranges exceptions;
    /* the batch read last, of that stream; first 0: none */
    uint64_t first, last;
    wall created_at, put_at, received_at, applied_at;
    enum reason refused;
};

void standing_init(struct standing *standing, struct db *db);

/** Fill row->state, reason and times from its other columns. */
MUST_CHECK int standing_fill(
    struct standing *standing, struct leavers_row *row, struct err *err);

#endif
