/*
 * diaries - the diaries of secondaries (wire/diary.h): at the secondary which
 * one each primary was told the last time, at the primary what it was told.
 */
#ifndef STORE_DIARIES_H
#define STORE_DIARIES_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"
#include "record/laestab.h"
#include "store/db.h"

/** Zeros if that school was told nothing. */
MUST_CHECK int diaries_told(struct digest *out, struct db *db,
    const struct laestab *school, struct err *err);

/** Insert, or replace by school. */
MUST_CHECK int diaries_put_told(struct db *db, const struct laestab *school,
    const struct digest *digest, struct err *err);

struct diaries_row {
    struct laestab school;
    uint64_t incarnation, progress; /* of the letter that it came with */
    wall at;                        /* when it came; 0: none yet */
    struct bytes sealed;
};

/** at 0 if that school has told nothing; the bytes are in arena. */
MUST_CHECK int diaries_find(struct diaries_row *out, struct db *db,
    const struct laestab *school, struct arena *arena, struct err *err);

/** Insert, or replace by school. */
MUST_CHECK int diaries_put(
    struct db *db, const struct diaries_row *row, struct err *err);

#endif
