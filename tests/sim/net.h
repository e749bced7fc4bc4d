/*
 * net - the simulated network between schools and hubs; sim_link.c implements
 * net/link.h on it.
 *
 * A connection keeps order and loses nothing while it lasts, as TCP does, and
 * what is on its way when it breaks may arrive or not.  world.weather adds what
 * TCP would not do: loss, repetition, another order.
 */
#ifndef SIM_NET_H
#define SIM_NET_H

#include "net/listener.h"
#include "world.h"

/** The connection is gone; the agent notices within notice_ms. */
void net_break(
    struct world *world, size_t school, size_t hub, int64_t notice_ms);

/** Cut or mend the way between them. */
void net_cut(struct world *world, size_t school, size_t hub, bool cut);

/** All connections of a node that has stopped. */
void net_gone(struct node *node);

/** The hub sends to a connection: 0, or ERR_NOT_FOUND. */
int net_send(struct node *hub, const struct listener_peer *peer,
    struct bytes talk, struct bytes body);

#endif
