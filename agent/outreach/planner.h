/*
 * planner - what to try next with a family, and why (domain 2.6).
 *
 * It scores ways of trying (whom, which number, how, which part of the day) and
 * never people, and never repeats the last try that failed.  Staff may do
 * otherwise; what they did is what is recorded.  Pure.
 */
#ifndef OUTREACH_PLANNER_H
#define OUTREACH_PLANNER_H

#include "outreach/state.h"

/* Who would ring. */
struct planner_caller {
    const char *login;
    const char *languages; /* "en,so" */
};

struct planner_suggestion {
    uint32_t contact; /* reach_person.n; 0: nobody can be reached directly */
    uint32_t point;   /* of that person; 0: none */
    enum event_channel channel;
    enum band band;
    wall when;         /* not before */
    bool interpreter;  /* book one, or have somebody ring who speaks it */
    bool other_caller; /* not the one who tried last */
    bool ask_primary;  /* for a number, or for help; beside the try */
    bool write;        /* send an invitation in writing, beside the try */
    bool lead;         /* the ladder is climbed: the lead decides */
    char why[320]; /* a sentence without a full stop, no names, no numbers */
};

/** The next try for this caller (domain 2.6): never the one that just failed,
 * and nobody whom a restriction hides. */
void planner_suggest(struct planner_suggestion *out,
    const struct state_facts *facts, const struct state *state,
    const struct planner_caller *caller);

/** True if this person can only be rung by somebody who speaks their language,
 * or with an interpreter. */
bool planner_needs_language(
    const struct reach_person *person, const struct planner_caller *caller);

#endif
