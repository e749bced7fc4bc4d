/*
 * ending - at the author: what hubs said of letters that nobody fetches or that
 * they refused, with the hub's name and signature, kept as long as the batch.
 * Whether a hub may be believed was looked at before (agentd/attested.h).
 */
#ifndef STORE_ENDING_H
#define STORE_ENDING_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/id.h"
#include "record/laestab.h"
#include "record/reason.h"

struct db;
struct err;

/* Mail younger than this does not end: a hub that says so has lost it. */
#define ENDING_LEAST_DAYS 90

#define ENDING_HUB_SIZE 257

struct ending {
    struct id envelope;
    enum reason reason; /* EXPIRING, EXPIRED, or why it was refused */
    const char *hub;    /* its endpoint */
    wall at;            /* when it ends, or ended, by the hub's clock; when it
                         * was refused, by ours */
    struct bytes is_signed; /* empty: a hub that signs nothing */
};

/**
 * Within a transaction.  A batch that has expired counts as refused for that
 * reason until it is sent again or a receipt comes; one that was sent less than
 * 90 days ago goes again instead (*lost).  An envelope that is not waiting for
 * its receipt changes nothing.
 */
MUST_CHECK int ending_add(bool *lost, struct db *db,
    const struct ending *ending, wall now, struct err *err);

/** Within a transaction: keep a hub's refusal as evidence; nothing else
 * changes. An envelope that is not known any more is no error. */
MUST_CHECK int ending_note(
    struct db *db, const struct ending *ending, struct err *err);

/** All that hubs said of a batch, oldest first.  Text and bytes live in the
 * arena.  Returns how many, at most max, or an error. */
MUST_CHECK int ending_of(struct ending *out, size_t max, struct db *db,
    int64_t stream, uint64_t first, struct arena *arena, struct err *err);

/* Leavers whose newest sending is about to end, or has ended, by school. */
struct ending_count {
    struct laestab recipient;
    enum reason reason;
    unsigned leavers;
    wall at;                   /* the first of them */
    char hub[ENDING_HUB_SIZE]; /* one that says so */
    unsigned hubs;             /* how many do */
    bool is_signed;            /* all of them have signed it */
};
MUST_CHECK int ending_each(struct db *db,
    int (*visit)(void *arg, const struct ending_count *count), void *arg,
    struct err *err);

#endif
