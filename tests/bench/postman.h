/* postman - a letter of 1 KiB goes from one school to another, ten times a
 * second while both are connected, one at a time. */
#ifndef BENCH_POSTMAN_H
#define BENCH_POSTMAN_H

#include <stdbool.h>

#include "crowd.h"

/** For the last two schools of the crowd, for ever.  bare: what serves sends
 * each message back, and the author waits for its own.  came is told how long
 * each took. */
void postman_run(const struct crowd *crowd, bool bare,
    void (*came)(void *arg, double ms), void *arg);

#endif
