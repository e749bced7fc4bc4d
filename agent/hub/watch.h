/*
 * watch - what the hub notices of each school beside its mail, for the
 * administrator: when it was heard, whether a revoked one still comes, how much
 * senseless it sends.  In memory, since the hub was started; a table by school
 * that only grows, and no further than the directory names schools.
 */
#ifndef HUB_WATCH_H
#define HUB_WATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "record/laestab.h"

/* A minute, of one school. */
#define WATCH_MAX_REPORTS 30
/* Refusals that the hub signs: all of an agent's window, some times over, or a
 * full mailbox would look like a hub without its key. */
#define WATCH_MAX_SIGNED 400
#define WATCH_MAX_ASKS 300 /* HELLO, FETCH, DIRECTORY: some at each connect */

struct watch_rate {
    mono minute; /* its begin */
    unsigned count;
};

struct watch_school {
    struct laestab school;
    wall heard; /* 0: not yet */
    uint64_t turned_away;
    wall turned_away_at;
    uint64_t complaints;
    uint64_t crowded; /* connections cut or refused: it had too many */
    struct watch_rate reports, asks, signs, tellings; /* tellings: of crowded */
};

struct watch {
    struct watch_school *schools; /* sorted */
    size_t count, room;
};

/** The school's entry, made if it is new; valid until one more is made. */
struct watch_school *watch_of(
    struct watch *watch, const struct laestab *school);

/** The school's entry, or NULL. */
const struct watch_school *watch_find(
    const struct watch *watch, const struct laestab *school);

/** May one more be served, of `most` a minute?  It is counted. */
bool watch_may(struct watch_rate *rate, unsigned most, mono now);

void watch_free(struct watch *watch);

#endif
