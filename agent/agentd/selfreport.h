/*
 * selfreport - the agent's report on itself for the cluster's administrator
 * (wire/report.h): counts, ages, states; nothing about a child.
 */
#ifndef AGENTD_SELFREPORT_H
#define AGENTD_SELFREPORT_H

#include "base/arena.h"
#include "base/attr.h"
#include "wire/report.h"

struct agent;
struct err;

/** Gather it as of now; the pairs are in arena.  Outside of a transaction: in a
 * new week it writes down which figures of groups may leave the school
 * (agentd/weekly.h).  Errors: those of the database. */
MUST_CHECK int selfreport_make(struct report *out, struct agent *agent,
    struct arena *arena, struct err *err);

#endif
