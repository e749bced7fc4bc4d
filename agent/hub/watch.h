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

#define WATCH_MAX_REPORTS 30 /* a minute, of one school */

struct watch_school {
    struct laestab school;
    wall heard; /* 0: not yet */
    uint64_t turned_away;
    wall turned_away_at;
    uint64_t complaints;
    mono minute; /* of reports: its begin */
    unsigned reports;
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

/** May one more report be written?  It is counted. */
bool watch_may_report(struct watch_school *school, mono now);

void watch_free(struct watch *watch);

#endif
