/*
 * plan - what a seed does to a cluster: its size, its network, the work, the
 * faults; then everything is mended and the cluster must come to rest, level.
 */
#ifndef SIM_PLAN_H
#define SIM_PLAN_H

#include "world.h"

struct plan_result {
    bool failed;
    int64_t simulated_ms; /* of all agents together */
    uint64_t steps;
};

/** Run one seed; the world is left for the caller to look at and end. */
void plan_run(struct plan_result *out, struct world *world, struct town *town,
    unsigned faults);

/* The parts of it, for the stories and for storage.c. */
void plan_begin(struct world *world, struct town *town);
/** Run for so long, or until something fails. */
void plan_wait(struct world *world, int64_t ms);
/** End all faults and wait until everything is level; else it has failed. */
void plan_rest(struct world *world);
void plan_end(struct world *world);

#endif
