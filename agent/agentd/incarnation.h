/*
 * incarnation - finding out that this database went back in time, and going on
 * from there without using a number twice (design 5, "Restore").
 *
 * The incarnation is a number from 0.  Progress counts the batches and
 * receipts ever written.  Both are in the database, in the file STATE/marker
 * beside it (written before anything of a batch leaves), in the memory of each
 * hub and, in every signed batch.  A witness that knows more than the database
 * shows that it went back:
 *
 *   the marker, or the file STATE/restored that `moveup restore` leaves
 *   a hub's WELCOME
 *   a peer that has heard a higher incarnation or progress of ours
 *   a receipt for more than was ever sent
 *   a refusal: same number, another content
 *
 * Then, in one transaction and before a byte is sent in an old epoch: the
 * incarnation is one more than any witness knows, every stream gets a new epoch
 * and each peer a snapshot (agentd/snapshot.h) and a receipt.
 */
#ifndef AGENTD_INCARNATION_H
#define AGENTD_INCARNATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "wire/batch.h"

struct agent;
struct err;

/* Revisions after the n-th restore begin at n times this: newer than any that
 * this database has forgotten. */
#define INCARNATION_REVISIONS 1000000

/* Restores that may be forgotten at once, and how often one witness is believed
 * in a run. */
#define INCARNATION_MAX_LEAP 1000
#define INCARNATION_MAX_TOLD 3

/** At start, before anything is sent: read the numbers and the marker, and
 * settle if the database went back.  Errors: ERR_IO, ERR_MALFORMED (marker). */
MUST_CHECK int incarnation_open(struct agent *agent, struct err *err);

/** One more batch is appended, in the transaction that appends it. */
MUST_CHECK int incarnation_count_batch(struct agent *agent, struct err *err);

/** Batches ever appended. */
MUST_CHECK int incarnation_progress(
    uint64_t *out, struct agent *agent, struct err *err);

/** Bring the marker file up to date: before a PUT. */
MUST_CHECK int incarnation_mark(struct agent *agent, struct err *err);

/** A witness shows that we went back; at_least is the highest incarnation it
 * knows of us.  sentence is for the log. */
void incarnation_suspect(
    struct agent *agent, uint64_t at_least, const char *sentence);

/** The same, by the word of another school or a hub, which may lie: a leap that
 * no restores explain is not believed, and nobody is believed often in one run.
 * Who tells the truth has nothing more to say after the first time, since the
 * number is then higher than all that it has heard of. */
void incarnation_told(struct agent *agent, const char *witness,
    uint64_t at_least, const char *sentence);

/** Is it a revision that we may have given, and forgotten? */
bool incarnation_gave(const struct agent *agent, uint64_t revision);

/** If we went back: begin the new incarnation, in a transaction of its own.
 * Until that has succeeded nothing may be put to a hub. */
MUST_CHECK int incarnation_settle(struct agent *agent, struct err *err);

/** The number of a record's next revision. */
uint64_t incarnation_next_revision(
    const struct agent *agent, uint64_t revision);

/** A peer's incarnation, as we last heard it. */
MUST_CHECK int incarnation_of(uint64_t *number, struct agent *agent,
    const struct laestab *peer, struct err *err);

/** Fill in what each signed batch says: how far we are, and how far we know its
 * recipient to have been.  In the transaction that counted the batch. */
MUST_CHECK int incarnation_tell(
    struct batch *batch, struct agent *agent, struct err *err);

/**
 * A verified batch says how far its author is, and how far it knows us to have
 * been: within the mail's transaction.  *stale: it is from before its author
 * went back.  A higher incarnation than we knew means that the author went
 * back: it gets a new epoch and a snapshot.
 */
MUST_CHECK int incarnation_heard(bool *stale, struct agent *agent,
    const struct batch *batch, struct err *err);

#endif
