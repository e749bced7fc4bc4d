/*
 * recalls - at the primary: records that were taken back from a school, and
 * whether that school has confirmed that they are destroyed.
 *
 * One row a leaver and school: a later recall from the same school replaces it.
 * A row stays when the record is sent to that school again: its revision says
 * which of the two is newer.
 */
#ifndef STORE_RECALLS_H
#define STORE_RECALLS_H

#include "store/leavers.h"
#include "wire/batch.h"

struct recall {
    int64_t id;     /* from recalls_next_id() */
    int64_t leaver; /* leavers_row.id */
    struct laestab school;
    struct tag tag; /* of the UPN that the school was told */
    uint64_t revision;
    enum tombstone_kind kind;
    int64_t stream; /* the tombstone's number */
    uint64_t seq;
    wall at;
    wall confirmed_at;   /* by the school's own clock; 0: not yet */
    struct bytes sealed; /* vault label "recall", row id */
};

/** An id that no row has. */
MUST_CHECK int recalls_next_id(struct db *db, int64_t *id, struct err *err);

/** Insert, or replace what was known of this leaver and school: then nothing is
 * confirmed. */
MUST_CHECK int recalls_put(
    struct db *db, const struct recall *recall, struct err *err);

/** school has destroyed the record up to revision; signed_batch proves it.  A
 * recall that is newer, or none, changes nothing and *found is false. */
struct recalls_proof {
    struct laestab school;
    struct tag tag;
    uint64_t revision;
    wall at;
    struct bytes signed_batch;
};
MUST_CHECK int recalls_confirm(struct db *db, const struct recalls_proof *proof,
    bool *found, struct err *err);

/** leaver 0: of all.  Oldest first; recall->sealed lives during the call. */
MUST_CHECK int recalls_each(struct db *db, int64_t leaver,
    int (*visit)(void *arg, const struct recall *recall), void *arg,
    struct err *err);

/** The signed batch that confirmed it; in arena.  Errors: ERR_NOT_FOUND. */
MUST_CHECK int recalls_evidence(struct bytes *out, struct db *db, int64_t id,
    struct arena *arena, struct err *err);

#endif
