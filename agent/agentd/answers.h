/*
 * answers - at the primary: what a person answers to a request of the inbox.
 *
 * A new number goes into this school's own record, as a new revision that is
 * sent at once, and with the answer to the school that asked.  A brother or
 * sister here who has the same person as a contact gets it too; if they go to
 * another school, that school is told as well.
 */
#ifndef AGENTD_ANSWERS_H
#define AGENTD_ANSWERS_H

#include "base/attr.h"
#include "record/laestab.h"

struct agent;
struct err;

/** For a snapshot, in a transaction: send the answers that peer was given once
 * more. */
MUST_CHECK int answers_repeat(
    struct agent *agent, const struct laestab *peer, struct err *err);

#endif
