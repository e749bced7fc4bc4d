/*
 * world - the simulated cluster: its clock, its events, its nodes, and what has
 * happened lately.
 *
 * One thread; time stands still while an event runs.  Everything that differs
 * between two runs comes from the seed.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/clock.h"
#include "disk.h"
#include "rng.h"

#define WORLD_SCHOOLS 4 /* 0 and 1 are primaries, 2 and 3 secondaries */
#define WORLD_HUBS 2
#define WORLD_PUPILS 64
#define WORLD_LINES 256 /* of the trace that are remembered */
#define WORLD_START ((wall){1813053600000}) /* 2027-06-15T10:00:00Z */

struct agent;
struct hub;
struct link;
struct office;
struct oracle;
struct promises;
struct town;
struct world;

/* Something to come.  It is freed when it has run. */
struct sim_event {
    int64_t at;
    uint64_t order;         /* among those of one time */
    void (*run)(void *arg); /* NULL: called off */
    void *arg;
};

/* What a hub is short of. */
enum tight { TIGHT_NOTHING, TIGHT_MAILBOX, TIGHT_SENDER, TIGHT_DISK };

struct node {
    struct world *world;
    const char *name;
    size_t index; /* among the schools, or among the hubs */
    bool is_hub;
    bool used; /* part of this cluster */
    bool up;
    int64_t skew_ms; /* its wall clock is this much ahead */
    struct disk disk;
    struct disk_copy backup; /* taken earlier, may be put back */
    int64_t backup_at;       /* 0: none */
    unsigned boots;
    unsigned restores;
    bool healing;     /* restored, and not yet level with the others again */
    enum tight tight; /* a hub */
    bool leapt;       /* a hub: its clock was years off */
    bool second_keys; /* it was shut out and joined anew */
    struct sim_event *boot;
    struct agent *agent; /* NULL while it is down */
    struct hub *hub;
};

/* The way between one school and one hub. */
struct way {
    struct link *link;
    bool cut;
    uint64_t conn;   /* as the hub knows it; 0: none */
    int64_t last[2]; /* when the newest message arrives: [0] at the hub */
};

struct weather {
    int64_t delay_min, delay_max;  /* ms, one way */
    unsigned loss, twice, shuffle; /* per mille of messages */
    unsigned evil; /* per mille of messages a lying hub tampers with */
};

struct world {
    int64_t now; /* ms; the monotonic clock of every machine */
    uint64_t seed;
    struct rng rng;
    struct rng ids; /* so that a fault more does not change every name */
    struct sim_event **events; /* a heap */
    size_t event_count, event_room;
    uint64_t order;
    uint64_t steps;
    struct node schools[WORLD_SCHOOLS];
    struct node hubs[WORLD_HUBS];
    struct way ways[WORLD_SCHOOLS][WORLD_HUBS];
    uint64_t conns;
    bool may_fork; /* every witness of a restore was taken away: a number may
                    * be used twice, and must be found out */
    struct weather weather;
    unsigned power;    /* per mille of machines that lose power when they die */
    struct node *node; /* whose code runs; NULL: nobody's */
    struct town *town;
    struct office *office; /* NULL: it has done nothing yet */
    struct oracle *oracle;
    struct promises *promises; /* NULL: nothing was said yet */
    bool lied;                 /* a hub has */
    bool failed;
    bool over; /* nothing that is still to come happens */
    char why[512];
    FILE *out; /* the trace goes there too; or NULL */
    int log;   /* while it does: what agents log, to be read by show.c; -1 */
    char lines[WORLD_LINES][240];
    uint64_t line_count;
};

/** The world that runs; the stand-ins for clocks and links have no argument to
 * learn it from. */
struct world *world_here(void);

void world_begin(struct world *world, uint64_t seed);
void world_end(struct world *world);

/** Let run(arg) happen in_ms from now. */
struct sim_event *world_later(
    struct world *world, int64_t in_ms, void (*run)(void *arg), void *arg);
void world_call_off(struct sim_event *event); /* NULL is allowed */

/** Run the next event if it is due by then; false: none is. */
bool world_step(struct world *world, int64_t until);

/** A line of the trace; the time is put before it. */
void world_say(struct world *world, const char *fmt, ...) PRINTF_LIKE(2, 3);

/** Something that must never be.  The first one counts. */
void world_fail(struct world *world, const char *fmt, ...) PRINTF_LIKE(2, 3);

/** The wall clock of a machine whose clock is right. */
int64_t world_wall_ms(void);

/** Print the last lines of the trace. */
void world_tell(const struct world *world, FILE *out);

#endif
