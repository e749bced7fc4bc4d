/* event_school - what happened at the school and with no family: a part of
 * event.h, which is what to include. */
#ifndef OUTREACH_EVENT_SCHOOL_H
#define OUTREACH_EVENT_SCHOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "record/date.h"

struct event_dates {
    struct date entry;
    struct date induction; /* the new pupils come to see the school */
    struct date term_end;
    struct date primary_closes;
    const char *note;
};

/* How the families of a group are tried first (outreach/strategy.h); the newest
 * of a name counts. */
struct event_strategy {
    const char *name;
    const char *group; /* "language:SOM", "sen", ... */
    uint32_t first;    /* enum adjustment */
    bool ended;
    const char *note;
};

#endif
