/*
 * heldback - which pupils the letters in quarantine are about, where it could
 * be told: while one of them waits for a person, their family is not rung.
 */
#ifndef STORE_HELDBACK_H
#define STORE_HELDBACK_H

#include "base/id.h"
#include "store/db.h"
#include "store/leavers.h"

/** Something about this pupil was in the letter of that name.  Known already:
 * nothing happens. */
MUST_CHECK int heldback_add(struct db *db, const struct id *envelope,
    const struct tag *pupil, struct err *err);

/** Each pupil, once, as long as a letter about it is in quarantine. */
MUST_CHECK int heldback_each(struct db *db,
    int (*visit)(void *arg, const struct tag *pupil), void *arg,
    struct err *err);

#endif
