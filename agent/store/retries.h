/*
 * retries - batches that were damaged on their way, and go again.
 */
#ifndef STORE_RETRIES_H
#define STORE_RETRIES_H

#include "store/outbox.h"

/** Count one more retry of a batch; *count is how many there were on this day
 * (any number that grows by one a day). */
MUST_CHECK int retries_count(
    int64_t *count, struct db *db, int64_t batch, int64_t day, struct err *err);

/** How many batches of current epochs were refused and have no answer else. */
MUST_CHECK int retries_refused(uint64_t *count, struct db *db, struct err *err);

#endif
