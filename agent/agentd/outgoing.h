/*
 * outgoing - from the outbox to a hub: what to put next, and noting what hubs
 * have confirmed.  The inner side of post.
 */
#ifndef AGENTD_OUTGOING_H
#define AGENTD_OUTGOING_H

#include "agentd/hublink.h"

/** Put what fits in the window to the first hub that is ready. */
void outgoing_pump(struct post *post);

/** A hub answered a PUT; body: what it attests of a refusal. */
void outgoing_answered(
    struct hublink *hub, const struct hubtalk *talk, struct bytes body);

/** Write what hubs have confirmed, within the caller's transaction. */
MUST_CHECK int outgoing_write_marks(struct post *post, struct err *err);

/** The same in a transaction of its own. */
void outgoing_flush(struct post *post);

/** Within a transaction: everything without a receipt goes again, and
 * the receipts that we gave. */
MUST_CHECK int outgoing_all_again(struct agent *agent, struct err *err);

#endif
