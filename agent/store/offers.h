/*
 * offers - at the secondary: children who were offered a place, from the list
 * of admissions, until their records come and after.
 */
#ifndef STORE_OFFERS_H
#define STORE_OFFERS_H

#include "base/arena.h"
#include "record/laestab.h"
#include "store/db.h"
#include "store/leavers.h"

struct offer {
    int64_t id;            /* that the child's record has, or will have */
    struct tag tag;        /* of the UPN */
    struct laestab author; /* the primary whose record is awaited */
    int64_t family;
    wall at;
    struct bytes sealed; /* vault label "offer", this id */
};

/** Insert, or replace by id.  Errors: ERR_EXISTS, another row has this tag. */
MUST_CHECK int offers_put(
    struct db *db, const struct offer *offer, struct err *err);
/** Errors: ERR_NOT_FOUND. */
MUST_CHECK int offers_find(struct offer *out, struct db *db,
    const struct tag *tag, struct arena *arena, struct err *err);
/** In order of id; the sealed bytes are the visit's only.  missing: only those
 * whose record is not here. */
MUST_CHECK int offers_each(struct db *db, bool missing,
    int (*visit)(void *arg, const struct offer *offer), void *arg,
    struct err *err);
/** Errors: ERR_NOT_FOUND. */
MUST_CHECK int offers_drop(struct db *db, int64_t id, struct err *err);

#endif
