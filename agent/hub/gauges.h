/* gauges - what a hub tells a monitoring system: counts and times of letters,
 * never who writes to whom. */
#ifndef HUB_GAUGES_H
#define HUB_GAUGES_H

#include <stdint.h>

struct engine;
struct exposition;
struct listener;
struct members;

struct gauges {
    const struct engine *engine;
    const struct listener *listener;
    const struct members *members;
    uint64_t free_disk; /* bytes */
};

/** The whole page, with its end. */
void gauges_write(const struct exposition *to, const struct gauges *gauges);

#endif
