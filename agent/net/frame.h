/* frame - messages of one or two frames over any ZeroMQ socket (for this room
 * only).  libzmq would take more; whatever sends more is not one of us. */
#ifndef NET_FRAME_H
#define NET_FRAME_H

#include <stdbool.h>

#include <zmq.h>

#include "base/bytes.h"

/* The batch between two on_drained: long enough to share one commit, short
 * enough that timers and other sockets are served. */
#define FRAME_BATCH 64
#define FRAME_BATCH_BYTES ((size_t)8 * 1024 * 1024)

/* CURVE wraps each frame in 33 bytes, and ZMQ_MAXMSGSIZE counts them. */
#define FRAME_OVERHEAD 64

static inline struct bytes frame_bytes(zmq_msg_t *msg)
{
    return (struct bytes){zmq_msg_data(msg), zmq_msg_size(msg)};
}

/** Receive talk and body (empty if there is none) without waiting; both must
 * be initialised.  Returns 1; 0 when nothing is there; -1 when a message was
 * dropped because it had more frames. */
int frame_receive(void *socket, zmq_msg_t *talk, zmq_msg_t *body);

/** Take the rest of a message that is not wanted.  Returns -1. */
int frame_drop(void *socket);

/** A frame with a copy of src.  Out of memory ends the process. */
void frame_make(zmq_msg_t *out, struct bytes src);

/** Send without waiting; body NULL or empty: one frame goes.  Both are emptied.
 * False: errno says why and nothing was sent. */
bool frame_send(void *socket, zmq_msg_t *talk, zmq_msg_t *body);

#endif
