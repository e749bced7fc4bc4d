/*
 * opened - at the secondary: which parts of a record (record/used.h) which
 * role has opened.
 */
#ifndef STORE_OPENED_H
#define STORE_OPENED_H

#include "base/arena.h"
#include "record/used.h"
#include "store/db.h"

/** Add these parts to what the role has opened; *added if that was new. */
MUST_CHECK int opened_add(bool *added, struct db *db, int64_t record,
    const struct used *used, struct err *err);

/** The roles that have opened it, by name; room for USED_MAX_ROLES.  Texts are
 * in arena.  Returns how many. */
MUST_CHECK int opened_list(struct used *out, struct db *db, int64_t record,
    struct arena *arena, struct err *err);

#endif
