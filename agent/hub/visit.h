/*
 * visit - what the engine's verbs share (for the engine and its verbs only):
 * the engine's state, and one message on its way through it.
 */
#ifndef HUB_VISIT_H
#define HUB_VISIT_H

#include "base/arena.h"
#include "base/buf.h"
#include "hub/attested.h"
#include "hub/box.h"
#include "hub/drain.h"
#include "hub/engine.h"
#include "hub/nuisance.h"
#include "hub/watch.h"
#include "trust/members.h"
#include "wire/hubtalk.h"

/* A directory that an administrator publishes in parts. */
struct hub_gathering {
    char curve_key[41]; /* whose */
    struct buf bytes;
};

struct engine {
    struct db *db;
    const struct settings_hub *settings;
    const struct log *log;
    struct engine_callbacks callbacks;
    struct id hub;
    uint64_t high; /* the highest cursor ever given */
    struct box_table boxes;
    struct drain drain;
    struct nuisance nuisance;
    struct engine_counts counts;
    struct watch watch;
    struct attested_refusals refusals;
    struct hub_gathering gathering;
    wall started;       /* of the first message: since when watch counts */
    struct buf talk;    /* scratch */
    struct arena arena; /* scratch */
    mono retry;         /* deliver again; 0: nothing waits */
    mono commit;        /* of ACKs that wait for company; 0: none do */
    mono expire;        /* look for expired mail */
};

/* A message on its way through: who sent it, when, and what it says. */
struct visit {
    struct engine *engine;
    const struct engine_now *now;
    const struct listener_peer *peer;
    const struct members *members;
    const struct directory_school *school; /* active, or closed just now; or
                                            * NULL */
    bool administrator;
    struct hubtalk talk;
    struct bytes body;
};

/** Send a talk.  One that cannot be sent is lost like any message: the peer
 * asks again.  False: the connection is gone, nobody will ask. */
bool visit_say(struct engine *engine, const struct listener_peer *peer,
    const struct hubtalk *talk, struct bytes body);

/** Send a talk without body to who visits. */
bool visit_answer(const struct visit *visit, const struct hubtalk *talk);

/** Say REFUSED with this reason to who visits. */
void visit_refuse(const struct visit *visit, enum reason reason);

/** Count what makes no sense: no agent sends it, by whatever misfortune. */
void visit_count(const struct visit *visit, enum reason reason);

/** Refuse it as well. */
void visit_complain(const struct visit *visit, enum reason reason);

#endif
