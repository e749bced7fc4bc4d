/* town - keys, certificates and directory of a simulated cluster, made once a
 * process and shared by all its seeds. */
#ifndef SIM_TOWN_H
#define SIM_TOWN_H

#include "crypto/vault.h"
#include "trust/identity.h"
#include "world.h"

struct town {
    char dir[64];
    size_t hub_count;
    struct identity *schools[WORLD_SCHOOLS];
    struct vault *vaults[WORLD_SCHOOLS];
    char *databases[WORLD_SCHOOLS]; /* paths */
    struct identity *hubs[WORLD_HUBS];
    char *hub_databases[WORLD_HUBS];
    struct disk_copy fresh_agent; /* databases as db_open() makes them */
    struct disk_copy fresh_hub;
};

/** Ends the process with a sentence if it cannot. */
void town_make(struct town *town, size_t hub_count);
void town_free(struct town *town);

/** The school with this number, or -1. */
int town_school(const struct laestab *laestab);
extern const char *const TOWN_NUMBERS[WORLD_SCHOOLS];

#endif
