/*
 * storage - one transfer, and a fault at the n-th write or sync of one disk,
 * for every n: author sends, hub keeps, recipient applies, receipt comes back.
 *
 * Then everything is started again, and nothing may be lost or doubled.
 */
#ifndef SIM_STORAGE_H
#define SIM_STORAGE_H

#include "world.h"

/** Returns how many transfers failed; prints each. */
unsigned storage_run(struct world *world, struct town *town);

#endif
