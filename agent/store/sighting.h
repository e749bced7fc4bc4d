/*
 * sighting - at the hub: the most that each school ever said of itself, so that
 * one whose database went back in time finds out (a number of its incarnations,
 * then of its batches; the pair only grows).
 */
#ifndef STORE_SIGHTING_H
#define STORE_SIGHTING_H

#include <stdint.h>

#include "base/attr.h"
#include "record/laestab.h"

struct db;
struct err;

struct sighting {
    uint64_t incarnation, progress;
};

/** Does a say less than b? */
static inline bool sighting_is_less(
    const struct sighting *a, const struct sighting *b)
{
    return a->incarnation != b->incarnation ? a->incarnation < b->incarnation
                                            : a->progress < b->progress;
}

/** The most that the school ever said; zeros: nothing yet. */
MUST_CHECK int sighting_get(struct sighting *out, struct db *db,
    const struct laestab *school, struct err *err);

/** Remember it.  Must run inside a transaction; what is less than the known
 * changes nothing. */
MUST_CHECK int sighting_put(struct db *db, const struct laestab *school,
    const struct sighting *sighting, struct err *err);

#endif
