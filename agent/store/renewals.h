/*
 * renewals - at the hub: what schools ask of the administrator over it, the
 * newest request for new certificates of each, and which schools have come with
 * their newest transport key.
 */
#ifndef STORE_RENEWALS_H
#define STORE_RENEWALS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "record/laestab.h"

struct db;
struct err;

struct renewals_row {
    struct laestab school;
    struct digest certificate; /* the school's newest when it asked */
    wall at;
    struct bytes renewal;
};

/** Within a transaction: in place of what the school asked for before. */
MUST_CHECK int renewals_put(
    struct db *db, const struct renewals_row *row, struct err *err);

/** The first school's after this one ("": of all).  1: there is one; 0. */
MUST_CHECK int renewals_next(struct renewals_row *out, struct db *db,
    const struct laestab *after, struct arena *arena, struct err *err);

/** Within a transaction: the school has come with this transport key. */
MUST_CHECK int renewals_put_came(struct db *db, const struct laestab *school,
    const char *curve_key, struct err *err);

/** Has it ever come with this one? */
MUST_CHECK int renewals_came(bool *came, struct db *db,
    const struct laestab *school, const char *curve_key, struct err *err);

#endif
