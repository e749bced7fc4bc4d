/*
 * noticeboard - the sessions and key dates of a secondary: told to each primary
 * that has sent it records, heard there, and shown to its office so that it can
 * tell a parent who asks (wire/diary.h).
 */
#ifndef AGENTD_NOTICEBOARD_H
#define AGENTD_NOTICEBOARD_H

#include <jansson.h>

#include "base/attr.h"
#include "record/laestab.h"
#include "wire/batch.h"

struct agent;
struct err;

/** In a transaction, after casework_refresh(): tell every primary whose diary
 * is not the one of today; with peer, that one, and whatever it was told.
 * Returns how many were told, or an error. */
MUST_CHECK int noticeboard_tell(
    struct agent *agent, const struct laestab *peer, struct err *err);

/** At the primary, in a transaction: the author of batch tells this.  From a
 * school to which no leaver of ours goes, or in an older letter than the last,
 * it has no effect. */
MUST_CHECK int noticeboard_heard(struct agent *agent, const struct batch *batch,
    const struct batch_item *item, struct err *err);

/** How many of our leavers that school has, or is being sent. */
MUST_CHECK int noticeboard_leavers(json_int_t *count, struct agent *agent,
    const struct laestab *school, struct err *err);

/** What that school told the last time, in arena; *told_at 0: nothing yet. */
MUST_CHECK int noticeboard_find(struct diary *out, wall *told_at,
    struct agent *agent, const struct laestab *school, struct arena *arena,
    struct err *err);

#endif
