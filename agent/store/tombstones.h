/*
 * tombstones - at the secondary: what must never be applied again, and the
 * destruction of what was.
 *
 * A tombstone is (author, tag of a UPN, revision): no record of that author and
 * UPN with a revision up to it is ever applied again.  A higher one may be; the
 * tombstone stays and still stands against the older ones.
 *
 * A record whose UPN was replaced leaves a tombstone under the old one that
 * says what it became, so that a late letter with the old UPN makes no second
 * record, and a recall under the old UPN finds the record.
 */
#ifndef STORE_TOMBSTONES_H
#define STORE_TOMBSTONES_H

#include "store/leavers.h"

struct tombstone {
    struct laestab author;
    struct tag tag;
    uint64_t revision;
    wall at;
    bool moved;        /* the UPN was replaced */
    struct tag became; /* if moved */
};

/** Errors: ERR_NOT_FOUND. */
MUST_CHECK int tombstones_find(struct tombstone *out, struct db *db,
    const struct laestab *author, const struct tag *tag, struct err *err);

/** Insert or replace by (author, tag).  A revision never goes down, and what a
 * UPN became is never forgotten. */
MUST_CHECK int tombstones_put(
    struct db *db, const struct tombstone *tombstone, struct err *err);

/** How many records were taken back since then, in all. */
MUST_CHECK int tombstones_since(
    int64_t *count, struct db *db, wall since, struct err *err);

/** Delete a record.  What happened with that pupil goes with it; the last one
 * of a family takes the family's people and all that happened along.  Errors:
 * ERR_NOT_FOUND. */
MUST_CHECK int tombstones_destroy(
    struct db *db, int64_t record, int64_t family, struct err *err);

#endif
