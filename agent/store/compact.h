/*
 * compact - the author's log is what has no answer yet and what the current
 * state rests on; the rest goes once it is 30 days old.
 *
 * Kept whatever its age: a batch with a number that is neither applied nor
 * finally refused; the newest batch of a current stream, and the newest of it
 * that is no heartbeat; the batch of each leaver's newest sending and of each
 * tombstone, with the two signed receipts that first covered its number; the
 * newest receipt of each stream.  A closed epoch of which nothing else is left
 * goes with them.
 *
 * The age is by this machine's clock and decides nothing but when.
 */
#ifndef STORE_COMPACT_H
#define STORE_COMPACT_H

#include "base/attr.h"
#include "base/clock.h"

struct db;
struct err;

#define COMPACT_DAYS 30
#define COMPACT_ROWS 512 /* of a table at a time; the rest the next time */

/** Within a transaction.  Returns how many rows went, or an error; less than
 * COMPACT_ROWS: there are no more now. */
MUST_CHECK int compact_run(struct db *db, wall now, struct err *err);

#endif
