/*
 * measures - how many pupils' families were contacted, whether all will be by
 * the time they start, and what keeps the others (domain 2.8, L1 to L3).
 *
 * Pure, and counted from facts: what happened and when, never from the state of
 * the work.  A family that was spoken to and wants no more calls counts as
 * contacted; one that the call list calls complete by mistake would not.
 */
#ifndef OUTREACH_MEASURES_H
#define OUTREACH_MEASURES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "outreach/schooldays.h"
#include "record/date.h"

/* Printed under every figure. */
#define MEASURES_DEFINITION                                                    \
    "Contacted: a two-way exchange, live or written, between a named member "  \
    "of the secondary's staff and a person with parental responsibility or "   \
    "care of the pupil, on or before the day before the entry date. "          \
    "Voicemails, messages, letters sent and group e-mails do not count."

#define MEASURES_RECENT_DAYS 5 /* working days that a forecast goes by */

/* The facts about one pupil. */
struct measures_pupil {
    wall contacted_at; /* first two-way exchange; 0: none */
    struct date entry; /* when this pupil starts */
    bool gone;         /* the place ended before the start: not counted */
};

struct measures {
    unsigned pupils;    /* who are expected to start */
    unsigned contacted; /* of these, up to the day before they start */
    unsigned to_go;
    unsigned late;         /* contacted, but only from that day on */
    unsigned at_entry;     /* contacted, of those who have started */
    unsigned started;      /* whose entry date has come */
    struct date deadline;  /* the day before the first entry date to come, else
                            * before the last; unset: no pupils */
    struct date work_end;  /* the last day that families are rung: the end of
                            * term if it is before the deadline */
    unsigned days_left;    /* working days from today to work_end */
    unsigned recent;       /* contacted in the last five working days */
    unsigned needed_tenth; /* a working day, in tenths; 0: none to go */
    unsigned pace_tenth;   /* a working day of these five, in tenths */
    struct date done_by;   /* if that pace held; unset: never, or none to go */
};

/** term_end: unset if not stated.  Working days are those of days.  today is in
 * England. */
void measures_count(struct measures *out, const struct measures_pupil *pupils,
    size_t count, struct date term_end, const struct schooldays *days,
    struct date today);

#endif
