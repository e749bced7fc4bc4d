/*
 * early - copies of small receipts, sent to authors that wait while the commit
 * which stores them is still under way.
 *
 * The letter itself follows with its cursor after the commit; the copy has
 * cursor 0, is counted nowhere and is not acknowledged.  If the hub stops in
 * between, the copy was one of a letter that its author puts again under the
 * same name.  What this saves is the time of a sync on the way from a change to
 * its receipt.
 *
 * Only receipts: they have no numbers.  A numbered letter must not reach
 * anybody before this hub has stored how far its author has come, or a hub that
 * loses power and a folder that is put back could together let a number be
 * used twice (the simulator's seed 620).
 */
#ifndef HUB_EARLY_H
#define HUB_EARLY_H

#include <stddef.h>

#include "hub/deliver.h"

/* Beyond these a second copy costs more than it saves. */
#define EARLY_MAX_BYTES ((size_t)16 * 1024)
#define EARLY_MAX_LETTERS 4 /* of a drain */

/** Before the commit.  Only to a consumer that has been sent everything before
 * the letter, and that takes early copies. */
void early_send(const struct deliver *deliver, const struct box_table *boxes);

#endif
