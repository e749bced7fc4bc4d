/* asks - the inbox of a primary: what other schools ask about its leavers. */
#ifndef AGENTD_ASKS_H
#define AGENTD_ASKS_H

#include "base/attr.h"
#include "record/reason.h"
#include "store/leavers.h"

struct agent;
struct err;

/** Within a transaction: school cannot take these numbers, for good.  Each
 * leaver among them becomes a request, once; reasons that mend themselves or
 * wait for `moveup approve` make none. */
MUST_CHECK int asks_note(struct agent *agent, const struct laestab *school,
    const struct leavers_range *range, enum reason reason, struct err *err);

#endif
