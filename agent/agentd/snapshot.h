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

/* Of one peer, in so long a time. */
#define SNAPSHOT_MOST 8
#define SNAPSHOT_WINDOW_MS ((int64_t)10 * 60 * 1000)

struct agent;
struct err;

/** New epochs to this peer and the snapshot in them, within a transaction.  To
 * a peer that nothing can be sealed for (shut out, or its certificate expired)
 * it is owed until something can. */
MUST_CHECK int snapshot_send(
    struct agent *agent, const struct laestab *peer, struct err *err);

/** The same because of what that peer said.  One that says so again and again
 * is owed it, and gets it in its turn (snapshot_send_owed): else each of its
 * letters would make us seal all its records anew. */
MUST_CHECK int snapshot_asked(
    struct agent *agent, const struct laestab *peer, struct err *err);

/** The snapshots that were owed and can be sent now, within a transaction.
 * Returns how many, or an error. */
MUST_CHECK int snapshot_send_owed(struct agent *agent, struct err *err);

#endif
