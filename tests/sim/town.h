/* town - keys, certificates and directory of a simulated cluster, made once a
 * process and shared by all its seeds. */
#ifndef SIM_TOWN_H
#define SIM_TOWN_H

#include "base/buf.h"
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
    struct buf requests[WORLD_SCHOOLS + WORLD_HUBS];
    struct buf second[WORLD_SCHOOLS]; /* with other keys */
    char *second_states[WORLD_SCHOOLS];
    uint64_t version;             /* of the directory all begin with */
    struct disk_copy fresh_agent; /* databases as db_open() makes them */
    struct disk_copy fresh_hub;
};

/** Ends the process with a sentence if it cannot. */
void town_make(struct town *town, size_t hub_count);
void town_free(struct town *town);

/** What it would ask to join with, as at first, and with other keys ("" for a
 * primary), and the folder those are in. */
struct bytes town_request(const struct town *town, size_t school);
struct bytes town_second_request(const struct town *town, size_t school);
const char *town_second_state(const struct town *town, size_t school);

/** As a program that starts: read from its machine's disk who it is and which
 * directory it has, if that may have changed.  False: it cannot, err says why.
 */
bool town_reload(struct node *node, struct err *err);

/** Every identity as it was made: for the next world. */
void town_reset(struct town *town);

/** The school with this number, or -1. */
int town_school(const struct laestab *laestab);
extern const char *const TOWN_NUMBERS[WORLD_SCHOOLS];

#endif
