/*
 * succeed - schools that have closed, and those that follow them (directory:
 * MEMBER_CLOSED and successor).
 *
 * Every leaver of ours that goes to the closed school goes to the one that
 * follows, and so do the requests that it made of us and that are open.  What
 * was sent is sent again, sealed for the new school, ahead of everything else;
 * what still waited for the old one is dropped: it could not be opened there.
 * Nothing is recalled from the old school, whose records the new one takes over
 * by law; history keeps what it has confirmed.
 */
#ifndef AGENTD_SUCCEED_H
#define AGENTD_SUCCEED_H

#include <stdbool.h>

#include "base/attr.h"
#include "record/laestab.h"

struct agent;
struct err;

/** Follow every school that has closed since; in transactions of its own, one
 * a school.  Nothing to do is cheap. */
MUST_CHECK int succeed_run(struct agent *agent, struct err *err);

/** Does `later` follow `former`, which has closed? */
bool succeed_is(const struct agent *agent, const struct laestab *former,
    const struct laestab *later);

#endif
