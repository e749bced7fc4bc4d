/*
 * owed - what we owe to peers: the newest sealed receipt, and refusals to be
 * told; for this room only (outbox.h says what each means).
 */
#ifndef STORE_OWED_H
#define STORE_OWED_H

#include "store/outbox.h"

MUST_CHECK int owed_put(
    struct db *db, const struct receipt_out *receipt, struct err *err);
MUST_CHECK int owed_unput(struct receipt_out *out, size_t max, struct db *db,
    struct arena *arena, struct err *err);
MUST_CHECK int owed_mark_put(
    struct db *db, const struct id *envelope, bool *found, struct err *err);
MUST_CHECK int owed_again(
    struct db *db, const struct laestab *peer, struct err *err);

MUST_CHECK int owed_all_again(struct db *db, struct err *err);

MUST_CHECK int owed_add_refusal(struct db *db, const struct laestab *peer,
    const struct refusal *refusal, wall at, struct err *err);
MUST_CHECK int owed_forget_refusal(struct db *db, const struct laestab *peer,
    const struct id *envelope, struct err *err);
MUST_CHECK int owed_refusals(struct refusal *out, size_t max, struct db *db,
    const struct laestab *peer, struct err *err);

#endif
