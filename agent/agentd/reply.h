/* reply - at the secondary: what the primary's answer to a request does. */
#ifndef AGENTD_REPLY_H
#define AGENTD_REPLY_H

#include "base/attr.h"
#include "record/reason.h"
#include "wire/batch.h"

struct agent;
struct err;

/** In a transaction: take the answer of author.  An answer that is here already
 * changes nothing, nor does one about a contact who is hidden. */
MUST_CHECK int reply_take(enum reason *reason, struct agent *agent,
    const struct laestab *author, const struct batch_item *item,
    struct err *err);

#endif
