/* hub_node - a hub's engine on a simulated machine. */
#ifndef SIM_HUB_NODE_H
#define SIM_HUB_NODE_H

#include "base/buf.h"
#include "world.h"

/** Start it on its node's disk.  False: the database cannot be opened. */
bool hub_node_start(struct node *node);
void hub_node_stop(struct node *node);

/** A message from a school; takes over the bytes. */
void hub_node_receive(struct node *node, size_t school, uint64_t conn,
    struct buf *talk, struct buf *body);

#endif
