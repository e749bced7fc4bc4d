/*
 * held - restrictions that a recipient still knows and a restored author
 * forgot.
 *
 * Restrictions are add-wins.  When an author's database went back, each
 * recipient tells it of every record that it holds with a restriction in force;
 * the author takes over what it does not know, as a new revision.
 */
#ifndef AGENTD_HELD_H
#define AGENTD_HELD_H

#include "base/attr.h"
#include "record/laestab.h"
#include "wire/batch.h"

struct agent;
struct err;

/** Tell an author of the restrictions in force in the records it sent; within a
 * transaction. */
MUST_CHECK int held_tell(
    struct agent *agent, const struct laestab *author, struct err *err);

/** Take over what a recipient tells; within a transaction.  A record that it
 * was never sent, or that is not here, is passed over. */
MUST_CHECK int held_take(struct agent *agent, const struct laestab *recipient,
    const struct batch_item *item, struct err *err);

#endif
