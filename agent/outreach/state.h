/*
 * state - how the work with one family stands: a pure function of what its
 * records say, what happened and what time it is (domain 2.4 b).
 *
 * The case is the family.  The code is about the work and nothing is counted
 * from it; whom was spoken to, invited and told stands beside it as facts.  The
 * table of codes is ordered and the first line that holds wins; the last always
 * does, so a case has exactly one.
 */
#ifndef OUTREACH_STATE_H
#define OUTREACH_STATE_H

#include "outreach/event.h"
#include "outreach/policy.h"
#include "outreach/reach.h"
#include "outreach/strategy.h"

/* In the order in which they are tried. */
enum state_code {
    STATE_CLOSED = 1,
    STATE_TRANSFERRED,
    STATE_NOT_ARRIVED,
    STATE_STARTED,
    STATE_HELD,
    STATE_ACTION_NEEDED,
    STATE_DECLINED,
    STATE_COMPLETE,
    STATE_CONTACTED,
    STATE_AWAITING_RECORD,
    STATE_NO_CONTACT_POINT,
    STATE_ALLOCATED,
    STATE_CALL_BACK,
    STATE_ESCALATED,
    STATE_COOLING,
    STATE_RETRY_DUE,
    STATE_READY,
};
#define STATE_LAST STATE_READY

#define STATE_MAX_PUPILS 32 /* of one family */

/* What is known; all of it the caller's. */
struct state_facts {
    int64_t family;
    const struct reach_pupil *pupils;
    size_t pupil_count;
    const struct event *events; /* sorted (event_sort) */
    size_t event_count;
    const struct reach *reach;
    const struct policy *policy;
    struct strategy strategy; /* of the groups they are in */
    bool in_quarantine; /* a record of a pupil waits for a person to decide */
    wall now;
};

/* Facts about one pupil, in the order of state_facts.pupils. */
struct state_pupil {
    wall contacted_at; /* first two-way contact with somebody who has care or
                        * responsibility; 0: none */
    const struct event *tutor; /* the newest; NULL: none yet */
    wall told_tutor_at;        /* that name was told to the family */
    wall support_at;           /* the support check has a result */
    enum entry_result entry;   /* 0: not yet */
    bool closed;
    bool transferred;
};

struct state {
    enum state_code code;
    enum state_code work; /* the line that holds apart from how the place and
                           * the first day turned out: what a child who has
                           * not arrived is looked for under */
    struct state_pupil pupils[STATE_MAX_PUPILS];
    size_t pupil_count;
    wall contacted_at; /* first two-way contact with the family; 0: none */
    wall spoken_at;    /* the last one */
    wall invited_at;   /* to a session; 0: not yet */

    /* Tries since the newest number came. */
    wall since;
    unsigned tries;                     /* of any kind */
    unsigned voice;                     /* of these, by telephone */
    unsigned band_failures[BAND_COUNT]; /* of these, that reached nobody */
    unsigned bands; /* how many parts of the day were tried */
    int days;       /* from the first to the last of them */
    unsigned limit; /* calls before the lead decides; more if the lead says */
    wall first_try, last_try;
    const struct event *last;    /* attempt that was a try; NULL: none */
    const struct event *failure; /* the last that failed; NULL: none */
    unsigned all_tries;          /* ever */

    wall next_at;               /* not before; 0: at once */
    wall call_back_at;          /* agreed and not done yet; 0: none */
    const char *call_back_with; /* login of who agreed it */
    wall missed_at;             /* they rang and nobody has rung back; 0: no */
    const char *holder;         /* login; "" nobody has it */
    const struct event_lease *lease; /* the holder\'s; NULL: none */
    wall held_until;
    wall plan_at;    /* the lead chose how to go on; 0: not */
    wall written_at; /* after a refusal, as they wished; 0: not */

    bool concern;               /* for the safeguarding lead, open */
    bool complaint;             /* open */
    bool refusal;               /* to be reviewed by the lead */
    bool stopped;               /* a restriction was seen at dial time */
    const struct event *review; /* in force; NULL: none */
    bool callable; /* may be given to a caller now, call hours apart */
};

/** The state of a family by the ordered table of domain 2.4: the first line
 * that holds.  *out points into what facts points to, which must outlive it.
 * The same facts give the same state, whichever event was stored first. */
void state_fold(struct state *out, const struct state_facts *facts);

/** The same when only the time has changed since out was folded: what happened
 * is not gone through again. */
void state_at(struct state *out, const struct state_facts *facts);

/** "ready", "no-contact-point", ... */
const char *state_name(enum state_code code);
/** For people: "no usable number", ... */
const char *state_text(enum state_code code);
/** 0 for a word that is none. */
enum state_code state_parse(const char *name);

#endif
