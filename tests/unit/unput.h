/* unput - all that waits to be put, as a sender with a wide window would read
 * it. */
#ifndef TESTS_UNPUT_H
#define TESTS_UNPUT_H

#include "base/err.h"
#include "store/outbox.h"

#define UNPUT_MAX 64

/* In the order in which they go; at most max.  Returns the count or an error.
 */
static inline int unput_batches(struct outbox_batch *out, size_t max,
    struct db *db, struct arena *arena, struct err *err)
{
    int64_t ids[UNPUT_MAX];
    struct outbox_flight flight = {.ids = ids};
    int rc = 0;

    while (flight.count < max && flight.count < UNPUT_MAX && rc == 0) {
        struct outbox_batch *next = &out[flight.count];

        rc = outbox_next_unput(next, db, &flight, arena, err);
        if (rc == 0)
            ids[flight.count++] = next->id;
    }
    return rc < 0 && rc != ERR_NOT_FOUND ? rc : (int)flight.count;
}

#endif
