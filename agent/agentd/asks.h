/* asks - the inbox of a primary: what other schools ask about its leavers. */
#ifndef AGENTD_ASKS_H
#define AGENTD_ASKS_H

#include "base/attr.h"
#include "record/reason.h"
#include "store/leavers.h"
#include "wire/batch.h"

struct agent;
struct err;

/** Within a transaction: a receipt of the school came.  What it could not take
 * before and has taken now is no request any more. */
MUST_CHECK int asks_settle(
    struct agent *agent, const struct laestab *school, struct err *err);

/** Within a transaction: school cannot take these numbers, for good.  Each
 * leaver among them becomes a request, once; reasons that mend themselves or
 * wait for `moveup approve` make none. */
MUST_CHECK int asks_note(struct agent *agent, const struct laestab *school,
    const struct leavers_range *range, enum reason reason, struct err *err);

/** Within a transaction: author asks about a leaver that goes there.  The same
 * request twice is one; about any other leaver it has no effect. */
MUST_CHECK int asks_take(struct agent *agent, const struct laestab *author,
    const struct batch_item *item, struct err *err);

#endif
