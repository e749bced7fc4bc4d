/*
 * strategy - what a school does first for the families of a group, instead of
 * the usual order (domain 2.6, step 9).
 *
 * A group is about circumstances that a record states or a family told: nobody
 * is scored, and a family may be in several.  Pure.
 */
#ifndef OUTREACH_STRATEGY_H
#define OUTREACH_STRATEGY_H

#include "outreach/reach.h"
#include "record/laestab.h"

#define STRATEGY_MAX_NAME 40

/** language:SOM, interpreter, sen, ehcp, in-care, fsm, service, from:8732001.
 * False if it is none. */
bool strategy_is_group(const char *group);
/** All of them, for people. */
const char *strategy_groups(void);

/** Somebody of the family is in the group. */
bool strategy_has(const char *group, const struct reach *reach,
    const struct reach_pupil *pupils, size_t pupil_count,
    const struct laestab *author);

/** text-first, evening-call, weekend-call, via-primary: what can come first. */
bool strategy_is_step(enum adjustment first);

/* What holds for one family. */
struct strategy {
    unsigned first;  /* bit: enum adjustment */
    const char *why; /* the name of the newest; "" none */
};

/** From the school's events, sorted. */
struct strategy strategy_of(const struct event *school, size_t count,
    const struct reach *reach, const struct reach_pupil *pupils,
    size_t pupil_count, const struct laestab *author);

/** The event is the newest word on a strategy of that name. */
bool strategy_stands(const struct event *school, size_t count, size_t at);

#endif
