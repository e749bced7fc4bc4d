/* storage - noticing that a hub has lost some of its past: it was wiped, or an
 * old copy of its folder was put back.  The inner side of post. */
#ifndef AGENTD_STORAGE_H
#define AGENTD_STORAGE_H

#include "agentd/hublink.h"

/** A WELCOME: compare what the hub says of its storage with the last time;
 * whatever it may have lost goes again. */
MUST_CHECK int storage_note(
    struct hublink *hub, const struct hubtalk *welcome, struct err *err);

/** Within the transaction that notes what hubs have taken: how far this one's
 * cursors went. */
MUST_CHECK int storage_remember(struct hublink *hub, struct err *err);

/** That transaction was rolled back. */
void storage_unsure(struct post *post);

#endif
