/*
 * coarse - how far first contact with a pupil's family has come, as the primary
 * may see it (domain 2.9): a step and its day, and nothing of how it went.
 */
#ifndef OUTREACH_COARSE_H
#define OUTREACH_COARSE_H

#include <stddef.h>

#include "record/date.h"

struct state;
struct state_facts;

/* Numbers travel and are stored. */
enum coarse {
    COARSE_NONE = 1,
    COARSE_CONTACT_STARTED,
    COARSE_CONTACTED,
    COARSE_HELP_REQUEST, /* the primary can help: no number, or not reached */
    COARSE_STARTED,
    COARSE_NOT_ARRIVED,
    COARSE_CLOSED,
};
#define COARSE_LAST COARSE_CLOSED

/** "contact-started", ... the words of cli.md. */
const char *coarse_name(enum coarse coarse);

/**
 * Of one pupil (its place in state_facts.pupils).  *day is the day on which the
 * family was spoken to, for COARSE_CONTACTED; else unset, since the days of
 * tries are not told.  That a family is held, has complained or wants no calls
 * is not told either: it shows as what was reached before.
 */
enum coarse coarse_of(struct date *day, const struct state *state,
    const struct state_facts *facts, size_t pupil);

#endif
