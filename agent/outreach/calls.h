/*
 * calls - the call list: which families wait for a first call, in which order,
 * and what to try (domain 2.4 to 2.7).
 *
 * Pure: facts about each family in, states and an order out.  The state is
 * about work and is derived each time, never stored; the first matching line
 * wins.  What is counted in figures comes from facts, never from the state.
 */
#ifndef OUTREACH_CALLS_H
#define OUTREACH_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "record/date.h"
#include "record/visible.h"

/* In the order of domain 2.4 (b).  Those that need attempts, leases and entry
 * outcomes come with the caller's work. */
enum call_state {
    CALL_NO_CONTACT_POINT = 9, /* no number, e-mail or address may be used */
    CALL_READY = 15,           /* no try yet */
};

/* Universal, targeted, enhanced: how much preparation a child needs. */
enum call_tier { CALL_UNIVERSAL = 1, CALL_TARGETED, CALL_ENHANCED };

/* What is known of one family; the caller fills it from its pupils. */
struct call_family {
    int64_t id;
    enum call_tier tier; /* the highest of its pupils */
    wall oldest_record;
    bool has_point;        /* a visible contact has a point that may be used */
    enum call_state state; /* filled by calls_order() */
};

/** The tier of one pupil: EHCP, looked after -> ENHANCED; SEN support, medical
 * flag, attendance under 90 % in the newest year, a service child -> TARGETED.
 */
enum call_tier calls_tier(const struct leaver *leaver);

/** Set each state and sort: ready families first, ENHANCED before TARGETED
 * before UNIVERSAL, oldest record first, then by id. */
void calls_order(struct call_family *families, size_t count);

/** "ready", "no-contact-point". */
const char *calls_state_name(enum call_state state);

/** The last day on which a family is called before the child starts: the day
 * before entry.  entry unset: 2 September to come. */
struct date calls_deadline(struct date entry, struct date today);

/* What to try first: the first contact in order with a number to ring. */
struct call_suggestion {
    uint32_t contact; /* 0: none */
    uint32_t point;
    const char *band; /* "MORN", "AFT", "EVE", "SAT" */
    char why[160];
};
void calls_suggest(struct call_suggestion *out, const struct visible *visible);

#endif
