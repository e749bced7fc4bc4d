/* show - messages as lines of the trace. */
#ifndef SIM_SHOW_H
#define SIM_SHOW_H

#include "base/bytes.h"
#include "world.h"

/** "hillside -> hub PUT 1-12 normal"; keep-alives are left out. */
void show_message(struct world *world, size_t school, size_t hub, bool to_hub,
    struct bytes talk);

/** Let agents log into the trace, if there is one. */
void show_log_begin(struct world *world);
void show_log_end(struct world *world);

/** What the agent that ran has logged since the last time. */
void show_log(struct world *world, const struct node *node);

#endif
