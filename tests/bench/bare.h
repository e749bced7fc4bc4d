/* bare - what a hub costs at least: a ROUTER with CURVE that admits known keys
 * and sends each message back, by libzmq alone. */
#ifndef BENCH_BARE_H
#define BENCH_BARE_H

#include "crowd.h"

/** Start it in a process of its own, at the crowd's endpoint, in place of the
 * hub: crowd_end_hub() ends it. */
void bare_start(struct crowd *crowd);

#endif
