/* crowd - a cluster of many schools that exist by their transport keys alone,
 * and its real moveup-hub, in a temporary folder. */
#ifndef BENCH_CROWD_H
#define BENCH_CROWD_H

#include <sys/types.h>

#include "base/id.h"
#include "net/curve.h"
#include "wire/directory.h"

#define CROWD_MAX_SCHOOLS DIRECTORY_MAX_SCHOOLS
#define CROWD_LOG "hub.log" /* in the folder */

struct crowd {
    const char *bin; /* the folder with the programs */
    int schools;
    int connections; /* that a school may have at the hub; 0: as usual */
    int sender_mib;  /* that may wait from one school; 0: as usual */
    char place[64];
    char endpoint[64]; /* of the hub, on loopback */
    char hub_key[CURVE_TEXT_SIZE];
    char hub_secret[CURVE_TEXT_SIZE];
    char keys[CROWD_MAX_SCHOOLS][2][CURVE_TEXT_SIZE]; /* public, secret */
    pid_t hub;                                        /* 0: it does not run */
};

struct laestab crowd_laestab(int school);

/** Enrol all in a new folder; bin and schools are set.  Nothing runs. */
void crowd_set_up(struct crowd *crowd);
void crowd_remove(struct crowd *crowd);

void crowd_start_hub(struct crowd *crowd);
void crowd_end_hub(struct crowd *crowd, int with); /* a signal */

#endif
