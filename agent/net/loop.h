/*
 * loop - one thread, one poll: file descriptors, ZeroMQ sockets and timers.
 *
 * Callbacks run one after the other and must not block.  The loop sleeps until
 * something is ready or the nearest timer is due; it never wakes otherwise.
 * Callbacks may add and remove watches and timers, also their own.
 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/clock.h"

struct err;
struct loop;
struct loop_watch;
struct loop_timer;

enum { LOOP_READ = 1, LOOP_WRITE = 2 };

MUST_CHECK int loop_new(struct loop **out, struct err *err);

/** Call on_ready when fd is ready for events (LOOP_READ | LOOP_WRITE). */
struct loop_watch *loop_watch_fd(struct loop *loop, int fd, int events,
    void (*on_ready)(void *arg, int events), void *arg);
void loop_watch_events(struct loop_watch *watch, int events);
void loop_unwatch(struct loop_watch *watch); /* NULL is allowed */

/** A timer that is not set; set it with loop_timer_set(). */
struct loop_timer *loop_timer_new(
    struct loop *loop, void (*on_due)(void *arg), void *arg);
/** Due at when (0: never).  Fires once. */
void loop_timer_set(struct loop_timer *timer, mono when);
/** When it is due; 0: it is not set. */
mono loop_timer_due(const struct loop_timer *timer);
void loop_timer_free(struct loop_timer *timer); /* NULL is allowed */

/** SIGTERM and SIGINT end loop_run(); SIGHUP calls on_hangup. */
MUST_CHECK int loop_signals(struct loop *loop, void (*on_hangup)(void *arg),
    void *arg, struct err *err);

/** Run until loop_stop().  Errors: ERR_IO. */
MUST_CHECK int loop_run(struct loop *loop, struct err *err);
void loop_stop(struct loop *loop);

void loop_free(struct loop *loop);
static inline void loop_freep(struct loop **loop)
{
    loop_free(*loop);
}

#endif
