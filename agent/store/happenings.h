/*
 * happenings - what happened with each family and each session: rows that are
 * only ever added (domain 2.1), and go only with the record itself.
 *
 * Beside the sealed payload stand what queries need: family, pupil, time, kind
 * and the member of staff.  Names, numbers and everything anybody said are in
 * the sealed part (wire/casework.h; vault label "event", row id).
 */
#ifndef STORE_HAPPENINGS_H
#define STORE_HAPPENINGS_H

#include "base/attr.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "store/db.h"

struct happening {
    int64_t id;     /* from happenings_next_id(); ascending */
    int64_t family; /* 0: of the school, like a session */
    int64_t pupil;  /* inbox_record.id; 0: of the whole family */
    wall at;
    char login[33];      /* who; "" the agent itself */
    int kind;            /* enum event_kind */
    struct bytes sealed; /* lives during the visit */
};

/** An id that no row has, nor had. */
MUST_CHECK int happenings_next_id(struct db *db, int64_t *id, struct err *err);

/** Errors: ERR_EXISTS, and those of struct db. */
MUST_CHECK int happenings_add(
    struct db *db, const struct happening *row, struct err *err);

/** How many rows of the family no member of staff wrote. */
MUST_CHECK int happenings_unsigned(
    int64_t *count, struct db *db, int64_t family, struct err *err);

/** All rows after this id, in order of id.  visit returns 0 to go on, anything
 * else stops and is returned. */
MUST_CHECK int happenings_since(struct db *db, int64_t after,
    int (*visit)(void *arg, const struct happening *row), void *arg,
    struct err *err);

#endif
