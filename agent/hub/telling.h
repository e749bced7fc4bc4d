/* telling - notices to authors of letters that nobody fetches: at most a few on
 * their way to each, and again until the author has said NOTED. */
#ifndef HUB_TELLING_H
#define HUB_TELLING_H

#include "base/clock.h"

struct box;
struct engine;
struct visit;

#define TELLING_MAX 32 /* on their way to one author */

/** If the consumer is to be told and nothing is on its way, tell it. */
void telling_send(struct engine *engine, struct box *box, wall now);

/** There may be notices for anybody: tell all that are connected, also again
 * what was told and not answered. */
void telling_all(struct engine *engine, wall now);

/** The verb NOTED of an author. */
void telling_noted(struct visit *visit);

#endif
