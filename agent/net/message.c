#include "net/message.h"

#include <stdlib.h>

int message_drop(void *socket)
{
    int more = 1;
    size_t size = sizeof more;

    while (zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size) == 0 && more) {
        char byte;

        if (zmq_recv(socket, &byte, sizeof byte, ZMQ_DONTWAIT) < 0)
            break;
    }
    return -1;
}

int message_receive(void *socket, zmq_msg_t *talk, zmq_msg_t *body)
{
    if (zmq_msg_recv(talk, socket, ZMQ_DONTWAIT) < 0)
        return 0;
    if (!zmq_msg_more(talk))
        return 1;
    if (zmq_msg_recv(body, socket, ZMQ_DONTWAIT) < 0)
        return -1;
    return zmq_msg_more(body) ? message_drop(socket) : 1;
}

void message_frame(zmq_msg_t *out, struct bytes src)
{
    if (zmq_msg_init_size(out, src.len) != 0)
        abort();
    if (src.len > 0)
        memcpy(zmq_msg_data(out), src.data, src.len);
}

bool message_send(void *socket, zmq_msg_t *talk, zmq_msg_t *body)
{
    const bool two = body != NULL && zmq_msg_size(body) > 0;
    bool sent =
        zmq_msg_send(talk, socket, ZMQ_DONTWAIT | (two ? ZMQ_SNDMORE : 0)) >= 0;

    /* The high-water mark counts messages, so a second frame follows a first
     * that was taken. */
    if (sent && two)
        sent = zmq_msg_send(body, socket, ZMQ_DONTWAIT) >= 0;
    zmq_msg_close(talk);
    if (body != NULL)
        zmq_msg_close(body);
    return sent;
}
