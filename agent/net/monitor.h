/* monitor - what ZeroMQ's I/O thread did to a socket (for this room only). */
#ifndef NET_MONITOR_H
#define NET_MONITOR_H

#include <stdbool.h>
#include <stdint.h>

struct monitor_event {
    uint16_t kind; /* ZMQ_EVENT_... */
    uint32_t value;
};

/** The socket that events (a set of ZMQ_EVENT_...) of `socket` can be read
 * from.  NULL: out of descriptors (errno). */
void *monitor_open(void *context, void *socket, int events);

/** Take the next event; false when there is none now. */
bool monitor_next(struct monitor_event *out, void *monitor);

/** To be called before socket is closed.  NULL monitor is allowed. */
void monitor_close(void *monitor, void *socket);

#endif
