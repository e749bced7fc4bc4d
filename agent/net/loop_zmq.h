/* loop_zmq - the loop's side that only this room sees: ZeroMQ sockets. */
#ifndef NET_LOOP_ZMQ_H
#define NET_LOOP_ZMQ_H

#include "net/loop.h"

/** As loop_watch_fd(), for a ZeroMQ socket; unwatch it before closing it. */
struct loop_watch *loop_watch_zmq(struct loop *loop, void *socket, int events,
    void (*on_ready)(void *arg, int events), void *arg);

/** The context for client sockets, made at the first call; ends with the loop.
 * NULL: out of descriptors (errno). */
void *loop_context(struct loop *loop);

#endif
