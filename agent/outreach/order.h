/*
 * order - which family is rung next, and how many cannot be rung now and why
 * (domain 2.7).  Pure, stable: the last key is the case.
 */
#ifndef OUTREACH_ORDER_H
#define OUTREACH_ORDER_H

#include "outreach/state.h"
#include "outreach/tier.h"

/* The first that holds. */
enum order_group {
    ORDER_APPOINTMENT = 1, /* due within 15 minutes, or was due in the last */
    ORDER_OVERDUE,         /* call-backs that are late, calls we missed */
    ORDER_ENHANCED,        /* never tried */
    ORDER_SESSION_SOON, /* not invited, and a session they can make is near */
    ORDER_TARGETED,
    ORDER_UNIVERSAL,
    ORDER_RETRY,
    ORDER_UNFINISHED, /* spoken to, not all done */
    ORDER_NOT_NOW,    /* cannot be rung now */
};

/* A session that begins within so many days is near. */
#define ORDER_SESSION_DAYS 7

struct order_entry {
    int64_t family;
    const struct state *state;
    enum tier tier; /* the highest of its pupils */
    struct date deadline;
    wall oldest_record;
    bool language_match;    /* the caller speaks what they speak, and it is not
                             * what everybody speaks */
    bool session_soon;      /* one within 7 days that they can make */
    enum order_group group; /* filled in */
};

/** Fill in each entry's group as of now and put them in the order in which they
 * are rung.  Everything else of an entry is the caller's; the states are
 * borrowed. */
void order_sort(struct order_entry *entries, size_t count,
    const struct policy *policy, wall now);

/** For people: "never tried, needs most preparation". */
const char *order_text(enum order_group group);

/* Families that cannot be rung now. */
struct order_blocked {
    unsigned call_back_later, called_too_recently, leased, no_usable_point,
        awaiting_record, held, action_needed, escalated, declined;
    wall opens_at; /* 0: within the call hours */
};
/** Count by the first reason that holds; entries need not be sorted. */
void order_count(struct order_blocked *out, const struct order_entry *entries,
    size_t count, const struct policy *policy, wall now);

#endif
