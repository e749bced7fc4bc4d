/* hub_node - a hub's engine on a simulated machine. */
#ifndef SIM_HUB_NODE_H
#define SIM_HUB_NODE_H

#include "base/buf.h"
#include "world.h"

/** Start it on its node's disk.  False: the database cannot be opened. */
bool hub_node_start(struct node *node);
void hub_node_stop(struct node *node);

struct db *hub_node_db(const struct node *node);

/** From now on it is short of that, or of nothing. */
void hub_node_tighten(struct node *node, enum tight tight);

/** The administrator, who has that transport key, publishes a directory. */
void hub_node_publish(
    struct node *node, const char *curve_key, struct bytes signed_directory);

/** A message from a school; takes over the bytes. */
void hub_node_receive(struct node *node, size_t school, uint64_t conn,
    struct buf *talk, struct buf *body);

#endif
