/*
 * told - at the secondary: what the primary of each record was last told of the
 * family, so that only a change is told.
 */
#ifndef STORE_TOLD_H
#define STORE_TOLD_H

#include "record/date.h"
#include "store/db.h"

struct told {
    int64_t record;  /* inbox_record.id */
    int state;       /* enum coarse; 0: nothing yet */
    struct date day; /* unset: none */
    int64_t tutor;   /* happening.id that named the tutor; 0: none yet */
    int used;        /* parts that roles have opened, counted */
};

/** state 0 for a record that nothing was told of. */
MUST_CHECK int told_find(
    struct told *out, struct db *db, int64_t record, struct err *err);

/** Insert, or replace by record. */
MUST_CHECK int told_put(
    struct db *db, const struct told *told, struct err *err);

#endif
