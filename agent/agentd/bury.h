/*
 * bury - at the secondary: a record that its author takes back is destroyed,
 * and its tombstone keeps older ones from coming back (store/tombstones.h).
 *
 * Within the transaction of the letter; whoever commits it empties the
 * database's log afterwards, so that nothing of the record is left there.
 */
#ifndef AGENTD_BURY_H
#define AGENTD_BURY_H

#include <stdbool.h>

#include "base/attr.h"
#include "record/laestab.h"
#include "store/leavers.h"
#include "wire/batch.h"

struct agent;
struct err;

/** Apply a tombstone: destroy the record, unless a newer revision of it is
 * here, and send the author the confirmation.  *destroyed is set, never
 * cleared. */
MUST_CHECK int bury_record(bool *destroyed, struct agent *agent,
    const struct laestab *author, const struct batch_item *item,
    struct err *err);

/* What a leaver item is found by. */
struct bury_names {
    struct tag own;    /* of the UPN in its record */
    struct tag former; /* of the UPN that it was known by, if renamed */
    bool renamed;
};

/** *revision: that of the tombstone of this author which stands against an item
 * of the offered revision, by either of its names; 0 if there is none, or it is
 * older than the item. */
MUST_CHECK int bury_covers(uint64_t *revision, struct agent *agent,
    const struct laestab *author, const struct bury_names *names,
    uint64_t offered, struct err *err);

/** The record of an item of this revision has another UPN than the one that it
 * was known by: nothing older under the former one is applied any more. */
MUST_CHECK int bury_former(struct agent *agent, const struct laestab *author,
    const struct bury_names *names, uint64_t revision, struct err *err);

#endif
