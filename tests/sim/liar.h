/*
 * liar - a hub that lies: it drops mail, says that it kept what it threw away,
 * changes bits, and delivers what is old or another school's.
 */
#ifndef SIM_LIAR_H
#define SIM_LIAR_H

#include "base/buf.h"
#include "world.h"

struct liar_deed {
    const char *what;
    struct buf talk, body; /* sent instead; empty: nothing is */
    size_t school;         /* to this one; WORLD_SCHOOLS: to whom it was for */
};

/** What it does with a message instead of passing it on.  False: it passes it
 * on, for such a message is no use to it. */
bool liar_tamper(struct liar_deed *out, struct world *world, bool to_hub,
    struct bytes talk, struct bytes body);

/** Forget the mail it has kept. */
void liar_forget(void);

#endif
