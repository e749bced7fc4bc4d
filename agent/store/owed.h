/*
 * owed - what we owe to peers: the newest sealed receipt of each, and the
 * refusals that it is to tell.
 *
 * A receipt is cumulative, so the newest replaces those before, put or not, and
 * needs no numbers (docs/protocol.md).  Everything that changes rows runs in
 * the caller's transaction, with what the receipt is about: nothing is
 * receipted that could still be rolled back.
 */
#ifndef STORE_OWED_H
#define STORE_OWED_H

#include "base/arena.h"
#include "store/leavers.h"
#include "wire/batch.h"

struct owed_receipt {
    struct laestab peer;
    struct id envelope;
    struct bytes header, sealed; /* in arena */
    bool put;                    /* a hub has it */
};

/** In place of the one before. */
MUST_CHECK int owed_put(
    struct db *db, const struct owed_receipt *receipt, struct err *err);
/** Those that no hub has confirmed, by peer; at most max, with the bytes.
 * Returns the count or an error. */
MUST_CHECK int owed_unput(struct owed_receipt *out, size_t max, struct db *db,
    struct arena *arena, struct err *err);
/** *found is false if a newer receipt has replaced that envelope. */
MUST_CHECK int owed_mark_put(
    struct db *db, const struct id *envelope, bool *found, struct err *err);
/** The newest receipt to each peer goes again, under a new name: a hub that
 * remembers the old one would take it for delivered. */
MUST_CHECK int owed_all_again(struct db *db, struct err *err);

/* The newest OWED_REFUSALS a peer ride in each receipt; older ones are
 * forgotten.  The same envelope twice is one row. */
#define OWED_REFUSALS 32
MUST_CHECK int owed_add_refusal(struct db *db, const struct laestab *peer,
    const struct refusal *refusal, wall at, struct err *err);
/** The letter was taken after all; one that is not there is no error. */
MUST_CHECK int owed_forget_refusal(struct db *db, const struct laestab *peer,
    const struct id *envelope, struct err *err);
/** Newest first, at most max.  Returns the count or an error. */
MUST_CHECK int owed_refusals(struct refusal *out, size_t max, struct db *db,
    const struct laestab *peer, struct err *err);

#endif
