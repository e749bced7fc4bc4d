/* message - messages of one or two frames over any ZeroMQ socket (for this room
 * only).  libzmq would take more; whatever sends more is not one of us. */
#ifndef NET_MESSAGE_H
#define NET_MESSAGE_H

#include <stdbool.h>

#include <zmq.h>

#include "base/bytes.h"

/* The batch between two on_drained: long enough to share one commit, short
 * enough that timers and other sockets are served. */
#define MESSAGE_BATCH 64
#define MESSAGE_BATCH_BYTES ((size_t)8 * 1024 * 1024)

static inline struct bytes message_bytes(zmq_msg_t *msg)
{
    return (struct bytes){zmq_msg_data(msg), zmq_msg_size(msg)};
}

/** Receive talk and body (empty if there is none) without waiting; both must
 * be initialised.  Returns 1; 0 when nothing is there; -1 when a message was
 * dropped because it had more frames. */
int message_receive(void *socket, zmq_msg_t *talk, zmq_msg_t *body);

/** Take the rest of a message that is not wanted.  Returns -1. */
int message_drop(void *socket);

/** A frame with a copy of src.  Out of memory ends the process. */
void message_frame(zmq_msg_t *out, struct bytes src);

/** Send without waiting; body NULL or empty: one frame goes.  Both are emptied.
 * False: errno says why and nothing was sent. */
bool message_send(void *socket, zmq_msg_t *talk, zmq_msg_t *body);

#endif
