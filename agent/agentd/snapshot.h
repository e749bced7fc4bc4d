/*
 * snapshot - everything that a peer was ever sent, and what was taken back from
 * it, again, in a new epoch.
 *
 * Harmless to repeat: a revision that the peer has, or a newer one, is not
 * replaced by an older one.
 */
#ifndef AGENTD_SNAPSHOT_H
#define AGENTD_SNAPSHOT_H

#include "base/attr.h"
#include "record/laestab.h"

struct agent;
struct err;

/** New epochs to this peer and the snapshot in them, within a transaction.  A
 * peer that is no longer a member gets nothing. */
MUST_CHECK int snapshot_send(
    struct agent *agent, const struct laestab *peer, struct err *err);

#endif
