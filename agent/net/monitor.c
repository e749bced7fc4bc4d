#include "net/monitor.h"

#include <stdio.h>
#include <string.h>

#include <zmq.h>

void *monitor_open(void *context, void *socket, int events)
{
    const int unlimited = 0; /* a full queue would stop the I/O thread */
    const int linger = 0;
    char address[64];
    void *monitor;

    snprintf(address, sizeof address, "inproc://monitor-%p", socket);
    if (zmq_socket_monitor(socket, address, events) != 0)
        return NULL;
    monitor = zmq_socket(context, ZMQ_PAIR);
    if (monitor == NULL ||
        zmq_setsockopt(monitor, ZMQ_RCVHWM, &unlimited, sizeof unlimited) ||
        zmq_setsockopt(monitor, ZMQ_LINGER, &linger, sizeof linger) ||
        zmq_connect(monitor, address) != 0) {
        monitor_close(monitor, socket);
        return NULL;
    }
    return monitor;
}

/* Two frames: kind (16 bits) and value (32 bits), then the address. */
bool monitor_next(struct monitor_event *out, void *monitor)
{
    uint8_t frame[6] = {0};
    char address[256];

    if (zmq_recv(monitor, frame, sizeof frame, ZMQ_DONTWAIT) !=
        (int)sizeof frame)
        return false;
    (void)zmq_recv(monitor, address, sizeof address, ZMQ_DONTWAIT);
    memcpy(&out->kind, frame, sizeof out->kind);
    memcpy(&out->value, frame + sizeof out->kind, sizeof out->value);
    return true;
}

void monitor_close(void *monitor, void *socket)
{
    (void)zmq_socket_monitor(socket, NULL, 0);
    if (monitor != NULL)
        zmq_close(monitor);
}
