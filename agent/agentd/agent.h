/*
 * agent - what the parts of the agent share: one struct, made at boot, handed
 * to every part.  The agent is one thread; whatever a part does, it does whole
 * within one callback of the loop, except for jobs (agentd/jobs.h).
 *
 * Who may do what to it: each pointer is owned by the boot (main.c) and lives
 * as long as the agent.
 */
#ifndef AGENTD_AGENT_H
#define AGENTD_AGENT_H

#include "base/log.h"
#include "conf/settings.h"
#include "control/control.h"
#include "crypto/vault.h"
#include "net/loop.h"
#include "store/leavers.h"
#include "trust/identity.h"

struct casework;
struct progress;
struct reporting;
struct post;
struct sender;

#define AGENT_MAX_WAITERS 64
#define AGENT_WITNESSES 1024 /* more than a cluster has members */

/** A place in such a table, by a hash of a school's number or a hub's address.
 * Two that share one have less together than each would have. */
size_t agent_witness(const char *name);

/* How often this database went back in time, and how it would be noticed;
 * agentd/incarnation.h. */
struct agent_incarnation {
    uint64_t number;
    uint64_t marked;   /* the progress in the marker file */
    bool pending;      /* it went back: nothing is sent before it is settled */
    uint64_t at_least; /* what a witness says we had reached */
    /* How often in this run each school's and hub's word was taken for it, by a
     * hash of its name. */
    uint8_t told[AGENT_WITNESSES];
    /* And how often in the last minutes each got a snapshot because it asked.
     */
    uint8_t asked[AGENT_WITNESSES];
    mono asked_since;
};

struct agent {
    struct log log;
    struct settings_agent settings;
    struct loop *loop;
    struct identity *identity;
    struct vault *vault;
    struct db *db;
    struct control_server *control;
    struct post *post;           /* links to the hubs: agentd/post.h */
    struct sender *sender;       /* sends that are under way: agentd/sender.h */
    struct waits *waits;         /* waitsync clients: agentd/waits.h */
    struct casework *casework;   /* families in memory: agentd/casework.h */
    struct progress *progress;   /* agentd/progress.h */
    struct reporting *reporting; /* agentd/reporting.h */
    mono started;
    struct agent_incarnation incarnation;
};

/** The keyed tag of a UPN, as leavers and records are found by. */
void agent_upn_tag(struct tag *out, struct agent *agent, const char *upn);

/** The name of a school in the directory, or "not in the directory". */
const char *agent_school_name(
    const struct agent *agent, const struct laestab *laestab);

#endif
