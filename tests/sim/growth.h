/*
 * growth - years of one primary, two secondaries and a hub: a class a year,
 * changes, restrictions, recalls, readings, calls, heartbeats, a restore and a
 * wiped hub each year, mail that ends.  After each year what lies on the disks
 * must be current state and no more.
 */
#ifndef SIM_GROWTH_H
#define SIM_GROWTH_H

#include "world.h"

/** Prints a line a year and machine.  Returns how many bounds were broken. */
unsigned growth_run(struct world *world, struct town *town, unsigned years);

#endif
