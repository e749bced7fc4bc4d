/*
 * newest - keeping up with the cluster's directory over one hub.  A large one
 * comes in parts, the next when it is asked for; it is put together here, at
 * most MEMBERS_MAX_SIGNED bytes, and verified whole.  The inner side of post.
 */
#ifndef AGENTD_NEWEST_H
#define AGENTD_NEWEST_H

#include "agentd/hublink.h"

/** Ask whether the hub has a newer one. */
void newest_ask(struct hublink *hub);

/** DIRECTORY_IS. */
void newest_take(
    struct hublink *hub, const struct hubtalk *talk, struct bytes body);

#endif
