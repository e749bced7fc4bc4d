/*
 * ending - at the author: what hubs said of letters that nobody fetches, with
 * the hub's name, kept as long as the batch.  A hub is believed because the
 * transport names it; it signs nothing (docs/protocol.md).
 */
#ifndef STORE_ENDING_H
#define STORE_ENDING_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/id.h"
#include "record/laestab.h"
#include "record/reason.h"

struct db;
struct err;

/* Mail younger than this does not end: a hub that says so has lost it. */
#define ENDING_LEAST_DAYS 90

struct ending {
    struct id envelope;
    enum reason reason; /* EXPIRING or EXPIRED */
    const char *hub;    /* its endpoint */
    wall at;            /* when it ends, or ended, by the hub's clock */
};

/**
 * Within a transaction.  A batch that has expired counts as refused for that
 * reason until it is sent again or a receipt comes; one that was sent less than
 * 90 days ago goes again instead (*lost).  An envelope that is not waiting for
 * its receipt changes nothing.
 */
MUST_CHECK int ending_add(bool *lost, struct db *db,
    const struct ending *ending, wall now, struct err *err);

/* Leavers whose newest sending is about to end, or has ended, by school. */
struct ending_count {
    struct laestab recipient;
    enum reason reason;
    unsigned leavers;
    wall at; /* the first of them */
};
MUST_CHECK int ending_each(struct db *db,
    int (*visit)(void *arg, const struct ending_count *count), void *arg,
    struct err *err);

#endif
