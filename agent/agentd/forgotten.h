/*
 * forgotten - restrictions, and ends of restrictions, that an author forgot
 * when its database went back.
 *
 * Restrictions are add-wins, and the end of one is final.  A recipient that is
 * sent a record which lacks one that it holds keeps to it, whatever the
 * revision, and tells the author; the author takes it over into its record as
 * it is, without a new revision: that would send older content over newer.
 */
#ifndef AGENTD_FORGOTTEN_H
#define AGENTD_FORGOTTEN_H

#include "base/attr.h"
#include "record/laestab.h"
#include "record/leaver.h"
#include "wire/batch.h"

/* What is taken over of others leaves the rest of a record to its author. */
#define FORGOTTEN_MAX_RESTRICTIONS 32
#define FORGOTTEN_MAX_CONTACTS 13
#define FORGOTTEN_MAX_NAME 400 /* bytes: no file that is imported has more */

struct agent;
struct err;

/** Tell the author what known holds and sent, the record as the author has it,
 * lacks; in a transaction.  Nothing is said if nothing is lacking. */
MUST_CHECK int forgotten_tell(struct agent *agent, const struct laestab *author,
    const struct leaver *sent, const struct leaver *known, struct err *err);

/** Take over what a recipient holds; in a transaction.  What is not about a
 * record that goes to that recipient is passed over, and so is an end if this
 * database never went back: then nobody can know of it but ourselves. */
MUST_CHECK int forgotten_take(struct agent *agent,
    const struct laestab *recipient, const struct batch_item *item,
    struct err *err);

#endif
