/*
 * heldback - which pupils the letters in quarantine are about, where it could
 * be told: while one of them waits for a person, their family is not rung.
 *
 * A letter that left quarantine holds nobody back from that moment; its rows
 * here go later, with heldback_forget().
 */
#ifndef STORE_HELDBACK_H
#define STORE_HELDBACK_H

#include "base/id.h"
#include "store/db.h"
#include "store/leavers.h"

/** Something about this pupil was in the letter of that name.  Known already:
 * nothing happens.  Reads no other row, however many are held back. */
MUST_CHECK int heldback_add(struct db *db, const struct id *envelope,
    const struct tag *pupil, struct err *err);

/** Whether a letter about this pupil is in quarantine. */
MUST_CHECK int heldback_has(
    bool *held, struct db *db, const struct tag *pupil, struct err *err);

/** False: nobody can be held back, so there is no need to ask for each. */
MUST_CHECK int heldback_any(bool *any, struct db *db, struct err *err);

/** Whether a record of one of the letter's pupils was here and was destroyed
 * since, so that it stands in nobody's way. */
MUST_CHECK int heldback_withdrawn(bool *withdrawn, struct db *db,
    const struct id *envelope, wall since, struct err *err);

/** Remove the rows of letters that left quarantine.  Reads every row, so it is
 * for the upkeep alone. */
MUST_CHECK int heldback_forget(struct db *db, struct err *err);

#endif
