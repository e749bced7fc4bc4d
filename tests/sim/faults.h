/* faults - what can go wrong with the machines, disks, clocks and ways of a
 * simulated cluster. */
#ifndef SIM_FAULTS_H
#define SIM_FAULTS_H

#include "world.h"

enum {
    FAULTS_CRASH = 1,
    FAULTS_POWER = 2,
    FAULTS_CUT = 4,
    FAULTS_WEATHER = 8,
    FAULTS_CLOCK = 16,
    FAULTS_DISK = 32,
    FAULTS_WIPE = 64,
    FAULTS_HUB_BACK = 128,
    FAULTS_RESTORE = 256,
    FAULTS_EVIL = 512,
    FAULTS_OFFICE = 1024,
    FAULTS_ROOM = 2048,
};
#define FAULTS_ALL 4095u

struct fault {
    unsigned kind;
    void (*strike)(struct world *world);
};

/** One of them, by chance. */
const struct fault *faults_any(struct world *world);

/** Long or short, evenly over the orders of magnitude; ms. */
int64_t faults_time(struct world *world, int64_t most);

/** The network as it is on a good day. */
void faults_calm(struct world *world);
void faults_mend_disks(struct world *world);

#endif
