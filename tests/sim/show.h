/* show - messages as lines of the trace. */
#ifndef SIM_SHOW_H
#define SIM_SHOW_H

#include "base/bytes.h"
#include "world.h"

/** "hillside -> hub PUT 1-12 normal"; keep-alives are left out. */
void show_message(struct world *world, size_t school, size_t hub, bool to_hub,
    struct bytes talk);

#endif
