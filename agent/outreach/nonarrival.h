/*
 * nonarrival - what to do next about a child who was expected and has not come:
 * a ladder from a call to the local authority, worked out anew from what was
 * done since the first day (domain 2.4 line 2, 3.4).
 *
 * It never closes anything: a child leaves it when somebody says where it is.
 * What forbids a call before the first day forbids it afterwards too.
 */
#ifndef OUTREACH_NONARRIVAL_H
#define OUTREACH_NONARRIVAL_H

#include "outreach/state.h"

/* School days, the first one with them, after which the authority is told
 * whatever else was tried. */
#define NONARRIVAL_MOST_DAYS 10

enum nonarrival_step {
    NONARRIVAL_MARK = 0, /* nobody has said yet; never what is next after */
    NONARRIVAL_DECIDE,   /* nobody rings before it is decided */
    NONARRIVAL_AGREE,    /* they were spoken to since */
    NONARRIVAL_RING,
    NONARRIVAL_WRITE, /* they want no calls */
    NONARRIVAL_ASK,   /* the primary */
    NONARRIVAL_VISIT,
    NONARRIVAL_AUTHORITY, /* and the safeguarding lead */
};
#define NONARRIVAL_LAST NONARRIVAL_AUTHORITY

/* The child. */
struct nonarrival_child {
    size_t place;             /* in state_facts.pupils */
    const struct event *mark; /* EVENT_ENTRY in force: not arrived, unknown */
    struct date first;        /* the day on which it was expected */
    int days;                 /* school days since, that one with them */
};

/** The newest EVENT_ENTRY of that record among sorted events, or NULL. */
const struct event *nonarrival_mark(
    const struct event *events, size_t count, int64_t record);

/** The first rung that nobody has stood on since the first day. */
enum nonarrival_step nonarrival_next(const struct state *state,
    const struct state_facts *facts, const struct nonarrival_child *child);

/** "ring", ... */
const char *nonarrival_name(enum nonarrival_step step);
/** For people: "ask the primary school what it knows", and the same in a
 * column of 30. */
const char *nonarrival_text(enum nonarrival_step step);
const char *nonarrival_brief(enum nonarrival_step step);

#endif
