/*
 * traces - at the hub: what became of a letter, as long as its name is
 * remembered (MAILBOX_NAME_DAYS).
 */
#ifndef STORE_TRACES_H
#define STORE_TRACES_H

#include <stdbool.h>

#include "store/mailbox.h"

struct traces_letter {
    uint64_t cursor;
    struct id envelope;
    struct laestab author, recipient;
    enum lane lane;
    struct bytes header; /* in arena; empty: it is not kept */
    /* each 0: it did not happen, or is not remembered */
    wall put_at, handed_at, acked_at, superseded_at, expired_at;
    wall expires_at; /* or would have been forgotten */
    uint64_t bytes;
    bool waits;
};

/** The letters whose name begins with these bytes: those that are here or left,
 * then those that have expired, each oldest first; at most max.
 * Returns the count or an error. */
MUST_CHECK int traces_find(struct traces_letter *out, size_t max, struct db *db,
    struct bytes begins, struct arena *arena, struct err *err);

#endif
