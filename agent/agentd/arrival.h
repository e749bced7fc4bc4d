/*
 * arrival - a leaver's record comes from another school: whether it is new, a
 * later revision or an older one of what is here, or of what was destroyed.
 *
 * Content is replaced by a later revision alone.  Restrictions are add-wins:
 * those of both are kept whatever is newer, and an author that forgot one is
 * told (agentd/forgotten.h).  Nothing comes back that its author recalled,
 * under whichever UPN (agentd/bury.h).
 */
#ifndef AGENTD_ARRIVAL_H
#define AGENTD_ARRIVAL_H

#include "agentd/apply.h"

/** Take an ITEM_LEAVER of the letter, in the open transaction.  *reason and
 * errors: as of apply_item(). */
MUST_CHECK int arrival_take(enum reason *reason, struct agent *agent,
    struct apply_letter *letter, const struct batch_item *item,
    struct err *err);

/** What joins a child's record with the family that it was expected in. */
void arrival_offer_tag(struct tag *out, struct agent *agent, const char *upn);

#endif
