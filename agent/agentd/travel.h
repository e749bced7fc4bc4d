/* travel - a leaver's record as it leaves the primary: without what its
 * recipient must not learn. */
#ifndef AGENTD_TRAVEL_H
#define AGENTD_TRAVEL_H

#include "base/arena.h"
#include "base/attr.h"
#include "record/leaver.h"
#include "store/leavers.h"
#include "wire/batch.h"

struct agent;
struct err;

/** The UPN that the recipient may know the child by.  A former UPN is told only
 * to a school that has the record under it: else it could give away a child who
 * must not be traced. */
const char *travel_known_upn(struct agent *agent, const struct leavers_row *row,
    const struct leaver *leaver);

/** The item for a row with its bytes, in arena. */
MUST_CHECK int travel_item(struct batch_item *out, struct arena *arena,
    struct agent *agent, const struct leavers_row *row, struct err *err);

#endif
