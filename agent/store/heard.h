/*
 * heard - at the primary: how far first contact with a leaver's family has
 * come, as the school that has the record told it.
 */
#ifndef STORE_HEARD_H
#define STORE_HEARD_H

#include "base/arena.h"
#include "record/date.h"
#include "record/laestab.h"
#include "store/db.h"

/* USED_MAX_ROLES (record/used.h), each with a number and what parts them */
#define HEARD_MAX_USED 400

struct heard {
    int64_t leaver; /* leavers_row.id */
    struct laestab school;
    int state;             /* enum coarse; 0: nothing yet */
    struct date day;       /* unset: not told */
    wall at;               /* when it came */
    struct bytes tutor;    /* the name, sealed; empty: not told */
    struct date contacted; /* kept when the child has started; unset: not */
    uint64_t incarnation, progress; /* of the letter that said it */
    char used[HEARD_MAX_USED];      /* "CALLER 1,SENCO 5": roles and bits */
};

/** state 0 if that school has told nothing; the tutor is in arena. */
MUST_CHECK int heard_find(struct heard *out, struct db *db, int64_t leaver,
    const struct laestab *school, struct arena *arena, struct err *err);

/** Insert, or replace by leaver and school. */
MUST_CHECK int heard_put(
    struct db *db, const struct heard *heard, struct err *err);

#endif
