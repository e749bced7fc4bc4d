/*
 * reseal - a batch that a recipient could not read goes again.
 *
 * On its way, or in our own database, the sealed bytes may have been damaged;
 * or they were sealed for a key that the recipient no longer has.  First the
 * stored bytes go again under another name.  After a second refusal on the same
 * day they are not worth keeping: the recipient gets a new epoch and a
 * snapshot, sealed anew (a number never gets a second content).  That is done
 * once a day for each school; what is refused still is shown.
 */
#ifndef AGENTD_RESEAL_H
#define AGENTD_RESEAL_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/clock.h"
#include "record/reason.h"
#include "store/outbox.h"

struct agent;
struct err;

/* Stored bytes, snapshot, the snapshot's bytes; then it is shown. */
#define RESEAL_A_DAY 3

/** Refusals that another sending may mend. */
bool reseal_may_mend(enum reason reason);

/** Within a transaction: a recipient refused this batch of a current epoch.
 * *again: it, or a snapshot in its place, waits to be put. */
MUST_CHECK int reseal_batch(bool *again, struct agent *agent,
    const struct outbox_batch *batch, wall now, struct err *err);

#endif
