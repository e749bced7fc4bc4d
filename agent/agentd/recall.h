/*
 * recall - at the primary: a record is taken back from the school that has it,
 * or the child goes to another school.
 *
 * The tombstone takes the record's next revision and goes in the urgent lane.
 * When the child goes to another school, the new school's record is stored in
 * the same transaction, in the same revision: nothing waits for the old
 * school's confirmation, which is shown when it comes.
 */
#ifndef AGENTD_RECALL_H
#define AGENTD_RECALL_H

#include <jansson.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/bytes.h"
#include "record/laestab.h"
#include "wire/batch.h"

struct agent;
struct err;
struct leavers_range;
struct leavers_row;

#define RECALL_MAX_REASON 300

/** A school has destroyed a record: an item of its signed batch says so.  If we
 * believe the record to be there, we forgot a recall in a restore, and know it
 * again; else one that nobody asked for has no effect. */
MUST_CHECK int recall_confirmed(struct agent *agent,
    const struct laestab *school, const struct batch_item *item,
    struct bytes signed_batch, struct err *err);

/** Send every tombstone for this peer again, in a transaction: for a snapshot.
 */
MUST_CHECK int recall_repeat(
    struct agent *agent, const struct laestab *peer, struct err *err);

/** Add `recalls` and `recall_confirmed_at` (of the newest; null) to one. */
MUST_CHECK int recall_describe(json_t *one, struct agent *agent,
    const struct leavers_row *row, struct err *err);

#endif
