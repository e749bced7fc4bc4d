/* live - the real programs on loopback: a primary, a hub and a secondary, each
 * in a fresh copy of its enrolled folder. */
#ifndef BENCH_LIVE_H
#define BENCH_LIVE_H

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

#include "rig.h"

enum live_who { LIVE_PRIMARY, LIVE_HUB, LIVE_SECONDARY, LIVE_COUNT };

struct live {
    const char *bin;    /* the folder with the programs */
    const char *place;  /* the folder with p1, h1 and s1, as enrolled */
    const char *config; /* of the primary; NULL: defaults */
    char *state[LIVE_COUNT];
    pid_t pid[LIVE_COUNT]; /* 0: does not run */
};

/** Fresh folders; nothing runs. */
void live_begin(struct live *live, const char *bin, const char *place);
/** Ends what runs and removes the folders. */
void live_end(struct live *live);

/** Start and wait until it answers; live_connect() waits for the hub. */
void live_start(struct live *live, enum live_who who);
void live_launch(struct live *live, enum live_who who);
void live_connect(const struct live *live, enum live_who who);
void live_stop(struct live *live, enum live_who who);

/** Ask an agent; args is taken over.  file: a path to hand over, or NULL.  Ends
 * the program if the agent refuses. */
json_t *live_ask(const struct live *live, enum live_who who,
    const char *command, json_t *args, const char *file);

void live_import(const struct live *live, const char *path);
void live_send(const struct live *live);
/** Until the primary has a verified receipt for everything it sent. */
void live_settle(const struct live *live);

/** Processor seconds of whatever runs. */
double live_cpu(const struct live *live);

/** The clock when a line with `words` first stands in a daemon's log. */
double live_heard(
    const struct live *live, enum live_who who, const char *words);

#endif
