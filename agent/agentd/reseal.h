/*
 * reseal - a batch that a recipient could not read goes again.
 *
 * On its way, or in our own database, the sealed bytes may have been damaged;
 * or they were sealed for a key that the recipient no longer has.  First the
 * stored bytes go again under another name; from the second refusal of a day on
 * the batch is put together anew from the records and, only if its content is
 * the very same, signed and sealed anew.  After three times in a day, or if
 * the content cannot be made again, it stays refused and is shown.
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

#define RESEAL_A_DAY 3

/** Refusals that another sending may mend. */
bool reseal_may_mend(enum reason reason);

/** Within a transaction: a recipient refused this batch of a current epoch.
 * *again: it waits to be put once more. */
MUST_CHECK int reseal_batch(bool *again, struct agent *agent,
    const struct outbox_batch *batch, wall now, struct err *err);

#endif
