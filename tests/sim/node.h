/*
 * node - one machine of the cluster: an agent or a hub, with its disk.
 *
 * A machine stops in three ways: node_crash() (the process dies: what was
 * written stays), node_crash() with power (unsynced writes are lost, in part)
 * and node_stop() (asked to end).  A disk that is told to die in the middle of
 * a callback stops its machine when the callback is over; nothing that it did
 * since has any effect.
 */
#ifndef SIM_NODE_H
#define SIM_NODE_H

#include "world.h"

/** Around every piece of a machine's own code. */
void node_enter(struct node *node);
void node_leave(struct node *node);

/** Give it a fresh disk and start it. */
void node_install(struct node *node);

void node_boot(struct node *node);
void node_boot_later(struct node *node, int64_t in_ms);
void node_crash(struct node *node, bool power);
void node_stop(struct node *node);

/** Keep a copy of its whole disk. */
void node_back_up(struct node *node);

enum node_restore {
    NODE_DATABASE,   /* only the database is put back */
    NODE_WHOLE,      /* the marker with it: nothing beside it knows better */
    NODE_BY_COMMAND, /* as `moveup restore` does */
};
/** Put the copy back, and start it in_ms later. */
void node_restore(struct node *node, enum node_restore how, int64_t in_ms);

/** Forget everything at the end of a world. */
void node_free(struct node *node);

#endif
