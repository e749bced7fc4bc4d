/* level - whether a cluster has come to rest: every record at its recipient as
 * its author has it, every receipt here, every reading known. */
#ifndef SIM_LEVEL_H
#define SIM_LEVEL_H

#include "world.h"

/** True if everything is level; else why is a reason (static or in world). */
bool level_reached(struct world *world, char *why, size_t size);

#endif
