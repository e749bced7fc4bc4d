/*
 * upkeep - what an agent does for its outgoing streams by time: heartbeats,
 * sending again what no receipt covers though a hub took it long ago, and
 * forgetting what is done (store/compact.h, store/heldback.h).
 */
#ifndef AGENTD_UPKEEP_H
#define AGENTD_UPKEEP_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/clock.h"

struct agent;
struct err;

/** In a transaction of its own.  Returns how many batches are to be put, or an
 * error. */
MUST_CHECK int upkeep_run(struct agent *agent, wall now, struct err *err);

/** The same for what is done.  *more: there is more to forget, soon. */
MUST_CHECK int upkeep_compact(
    bool *more, struct agent *agent, wall now, struct err *err);

#endif
