/* given - at the primary: the answers that a school was given. */
#ifndef AGENTD_GIVEN_H
#define AGENTD_GIVEN_H

#include "base/attr.h"
#include "record/laestab.h"

struct agent;
struct err;

/** For a snapshot, in a transaction: send them once more. */
MUST_CHECK int given_repeat(
    struct agent *agent, const struct laestab *peer, struct err *err);

#endif
