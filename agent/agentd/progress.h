/*
 * progress - how far first contact with each family has come: told by the
 * secondary to the primary of the record (outreach/coarse.h and who will be the
 * child's tutor, and nothing else), heard there.
 */
#ifndef AGENTD_PROGRESS_H
#define AGENTD_PROGRESS_H

#include <jansson.h>

#include "base/attr.h"
#include "record/laestab.h"
#include "store/leavers.h"
#include "wire/batch.h"

struct agent;
struct err;
struct progress;

/* Changes of this time go together. */
#define PROGRESS_DELAY_MS 2000

struct progress *progress_new(struct agent *agent);
void progress_free(struct progress *progress); /* NULL is allowed */

/** Something may have changed: look soon.  progress may be NULL. */
void progress_expect(struct progress *progress);

/** Something can be sealed for that school now; else it is told when it is
 * back.
 */
bool progress_may_tell(const struct agent *agent, const struct laestab *school);

/** What no event says has changed: progress_expect() looks at all.  progress
 * may be NULL. */
void progress_changed(struct progress *progress);

/** In a transaction: tell every primary what has changed since it was told the
 * last time (agentd/noticeboard.h too).  Returns how much that was, or an
 * error. */
MUST_CHECK int progress_tell(struct agent *agent, struct err *err);

/** For a snapshot, in a transaction: tell peer of all its pupils again. */
MUST_CHECK int progress_repeat(
    struct agent *agent, const struct laestab *peer, struct err *err);

/** At the primary, in a transaction: the school that has the record tells this.
 * From any other school, about no leaver of ours, or in a letter that is older
 * than the last that spoke of it, it has no effect. */
MUST_CHECK int progress_heard(struct agent *agent, const struct batch *batch,
    const struct batch_item *item, struct err *err);

/** At the primary: add to a leaver's JSON what it was told: "family",
 * "family_day", "tutor" and "used". */
MUST_CHECK int progress_describe(json_t *one, struct agent *agent,
    const struct leavers_row *row, struct err *err);

#endif
