/* pump - a loop for the control server under test: poll, nothing else. */
#ifndef TEST_PUMP_H
#define TEST_PUMP_H

#include <poll.h>
#include <stdlib.h>

#include "control/control.h"

#define PUMP_WATCHES 200

struct pump_watch {
    int fd; /* -1: free */
    bool write;
    void (*on_ready)(void *arg, int events);
    void *arg;
};

struct pump {
    struct pump_watch watches[PUMP_WATCHES];
};

static inline void *pump_watch_fd(void *loop, int fd, bool write,
    void (*on_ready)(void *arg, int events), void *arg)
{
    struct pump *pump = loop;

    for (size_t i = 0; i < PUMP_WATCHES; i++)
        if (pump->watches[i].fd < 0) {
            pump->watches[i] = (struct pump_watch){fd, write, on_ready, arg};
            return &pump->watches[i];
        }
    abort();
}

static inline void pump_rewatch(void *watch, bool write)
{
    ((struct pump_watch *)watch)->write = write;
}

static inline void pump_unwatch(void *watch)
{
    ((struct pump_watch *)watch)->fd = -1;
}

static inline struct control_loop pump_init(struct pump *pump)
{
    for (size_t i = 0; i < PUMP_WATCHES; i++)
        pump->watches[i].fd = -1;
    return (struct control_loop){
        pump_watch_fd, pump_rewatch, pump_unwatch, pump};
}

/* Work until nothing has happened for quiet_ms; -1: for ever. */
static inline void pump_run(struct pump *pump, int quiet_ms)
{
    for (;;) {
        struct pollfd fds[PUMP_WATCHES];

        for (size_t i = 0; i < PUMP_WATCHES; i++)
            fds[i] = (struct pollfd){pump->watches[i].fd,
                (short)(POLLIN | (pump->watches[i].write ? POLLOUT : 0)), 0};
        if (poll(fds, PUMP_WATCHES, quiet_ms) <= 0)
            return;
        for (size_t i = 0; i < PUMP_WATCHES; i++) {
            struct pump_watch *watch = &pump->watches[i];

            if (fds[i].revents != 0 && watch->fd == fds[i].fd)
                watch->on_ready(watch->arg, fds[i].revents);
        }
    }
}

#endif
