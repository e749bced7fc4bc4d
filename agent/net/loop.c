#include "net/loop.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <zmq.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/loop_zmq.h"

/* What is removed is only marked: it may be the one whose callback runs, and
 * the poll set still names it.  Marked ones are freed before the next poll. */
struct loop_watch {
    struct loop *loop;
    void *socket; /* NULL: fd */
    int fd;
    int events;
    bool dead;
    void (*on_ready)(void *arg, int events);
    void *arg;
};

struct loop_timer {
    mono when; /* 0: not set */
    bool dead;
    void (*on_due)(void *arg);
    void *arg;
};

struct loop {
    struct loop_watch **watches;
    size_t watch_count, watch_room;
    struct loop_timer **timers;
    size_t timer_count, timer_room;
    zmq_pollitem_t *items;      /* the poll set... */
    struct loop_watch **polled; /* ...and whose each item is */
    size_t item_count;
    bool changed; /* the poll set has to be built again */
    bool running;
    void *context;
    /* signals */
    int signal_fd; /* -1: loop_signals() was not called */
    sigset_t mask_before;
    void (*on_hangup)(void *arg);
    void *hangup_arg;
};

int loop_new(struct loop **out, struct err *err)
{
    (void)err;
    *out = mem_alloc(sizeof **out);
    (*out)->signal_fd = -1;
    return 0;
}

static struct loop_watch *add_watch(
    struct loop *loop, const struct loop_watch *watch)
{
    struct loop_watch *added = mem_alloc(sizeof *added);

    *added = *watch;
    if (loop->watch_count == loop->watch_room) {
        loop->watch_room = loop->watch_room * 2 + 8;
        loop->watches =
            mem_resize(loop->watches, loop->watch_room, sizeof added);
    }
    loop->watches[loop->watch_count++] = added;
    loop->changed = true;
    return added;
}

struct loop_watch *loop_watch_fd(struct loop *loop, int fd, int events,
    void (*on_ready)(void *arg, int events), void *arg)
{
    return add_watch(loop,
        &(struct loop_watch){loop, NULL, fd, events, false, on_ready, arg});
}

struct loop_watch *loop_watch_zmq(struct loop *loop, void *socket, int events,
    void (*on_ready)(void *arg, int events), void *arg)
{
    return add_watch(loop,
        &(struct loop_watch){loop, socket, -1, events, false, on_ready, arg});
}

void loop_watch_events(struct loop_watch *watch, int events)
{
    if (watch->events != events) {
        watch->events = events;
        watch->loop->changed = true;
    }
}

void loop_unwatch(struct loop_watch *watch)
{
    if (watch != NULL) {
        watch->dead = true;
        watch->loop->changed = true;
    }
}

struct loop_timer *loop_timer_new(
    struct loop *loop, void (*on_due)(void *arg), void *arg)
{
    struct loop_timer *timer = mem_alloc(sizeof *timer);

    *timer = (struct loop_timer){{0}, false, on_due, arg};
    if (loop->timer_count == loop->timer_room) {
        loop->timer_room = loop->timer_room * 2 + 8;
        loop->timers = mem_resize(loop->timers, loop->timer_room, sizeof timer);
    }
    loop->timers[loop->timer_count++] = timer;
    return timer;
}

void loop_timer_set(struct loop_timer *timer, mono when)
{
    timer->when = when;
}

mono loop_timer_due(const struct loop_timer *timer)
{
    return timer->when;
}

void loop_timer_free(struct loop_timer *timer)
{
    if (timer != NULL)
        *timer = (struct loop_timer){.dead = true};
}

static void sweep_watches(struct loop *loop)
{
    size_t kept = 0;

    for (size_t i = 0; i < loop->watch_count; i++)
        if (loop->watches[i]->dead)
            free(loop->watches[i]);
        else
            loop->watches[kept++] = loop->watches[i];
    loop->watch_count = kept;
}

static void sweep_timers(struct loop *loop)
{
    size_t kept = 0;

    for (size_t i = 0; i < loop->timer_count; i++)
        if (loop->timers[i]->dead)
            free(loop->timers[i]);
        else
            loop->timers[kept++] = loop->timers[i];
    loop->timer_count = kept;
}

/* A watch that waits for nothing stays out: poll() would still report a closed
 * peer there, again and again. */
static void build_poll_set(struct loop *loop)
{
    sweep_watches(loop);
    loop->items =
        mem_resize(loop->items, loop->watch_count, sizeof *loop->items);
    loop->polled =
        mem_resize(loop->polled, loop->watch_count, sizeof *loop->polled);
    loop->item_count = 0;
    for (size_t i = 0; i < loop->watch_count; i++) {
        struct loop_watch *watch = loop->watches[i];
        const int events = (watch->events & LOOP_READ ? ZMQ_POLLIN : 0) |
                           (watch->events & LOOP_WRITE ? ZMQ_POLLOUT : 0);

        if (events == 0)
            continue;
        loop->polled[loop->item_count] = watch;
        loop->items[loop->item_count++] = (zmq_pollitem_t){
            .socket = watch->socket, .fd = watch->fd, .events = (short)events};
    }
    loop->changed = false;
}

/* Milliseconds to the nearest timer; -1: there is none. */
static long time_to_sleep(const struct loop *loop)
{
    mono nearest = {0};
    int64_t ms;

    for (size_t i = 0; i < loop->timer_count; i++) {
        const mono when = loop->timers[i]->when;

        if (when.ms != 0 && (nearest.ms == 0 || when.ms < nearest.ms))
            nearest = when;
    }
    if (nearest.ms == 0)
        return -1;
    ms = nearest.ms - clock_mono().ms;
    return ms < 0 ? 0 : ms > INT32_MAX ? INT32_MAX : (long)ms;
}

/* Each timer at most once, so that one that is always due starves nobody. */
static void fire_timers(struct loop *loop)
{
    const size_t count = loop->timer_count;
    const mono now = clock_mono();

    for (size_t i = 0; i < count && loop->running; i++) {
        struct loop_timer *timer = loop->timers[i];

        if (timer->dead || timer->when.ms == 0 || timer->when.ms > now.ms)
            continue;
        timer->when = (mono){0};
        timer->on_due(timer->arg);
    }
    sweep_timers(loop);
}

static void dispatch(struct loop *loop)
{
    const size_t count = loop->item_count;

    for (size_t i = 0; i < count && loop->running; i++) {
        struct loop_watch *watch = loop->polled[i];
        const short revents = loop->items[i].revents;
        int events = (revents & ZMQ_POLLIN ? LOOP_READ : 0) |
                     (revents & ZMQ_POLLOUT ? LOOP_WRITE : 0);

        if (revents & ZMQ_POLLERR)
            events = LOOP_READ | LOOP_WRITE; /* reading or writing tells why */
        events &= watch->events;
        if (!watch->dead && events != 0)
            watch->on_ready(watch->arg, events);
    }
}

int loop_run(struct loop *loop, struct err *err)
{
    loop->running = true;
    while (loop->running) {
        if (loop->changed)
            build_poll_set(loop);
        if (zmq_poll(loop->items, (int)loop->item_count, time_to_sleep(loop)) <
            0) {
            if (zmq_errno() == EINTR)
                continue;
            return err_set(err, ERR_IO, "poll: %s", zmq_strerror(zmq_errno()));
        }
        fire_timers(loop);
        dispatch(loop);
    }
    return 0;
}

void loop_stop(struct loop *loop)
{
    loop->running = false;
}

static void on_signal(void *arg, int events)
{
    struct loop *loop = arg;
    struct signalfd_siginfo info;

    (void)events;
    while (read(loop->signal_fd, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo != SIGHUP)
            loop_stop(loop);
        else if (loop->on_hangup != NULL)
            loop->on_hangup(loop->hangup_arg);
    }
}

int loop_signals(
    struct loop *loop, void (*on_hangup)(void *arg), void *arg, struct err *err)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    loop->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (loop->signal_fd < 0)
        return err_errno(err, "signalfd");
    sigprocmask(SIG_BLOCK, &set, &loop->mask_before);
    loop->on_hangup = on_hangup;
    loop->hangup_arg = arg;
    loop_watch_fd(loop, loop->signal_fd, LOOP_READ, on_signal, loop);
    return 0;
}

void *loop_context(struct loop *loop)
{
    if (loop->context == NULL)
        loop->context = zmq_ctx_new();
    return loop->context;
}

void loop_free(struct loop *loop)
{
    if (loop == NULL)
        return;
    for (size_t i = 0; i < loop->watch_count; i++)
        free(loop->watches[i]);
    for (size_t i = 0; i < loop->timer_count; i++)
        free(loop->timers[i]);
    if (loop->signal_fd >= 0) {
        sigprocmask(SIG_SETMASK, &loop->mask_before, NULL);
        close(loop->signal_fd);
    }
    if (loop->context != NULL)
        zmq_ctx_term(loop->context);
    free(loop->watches);
    free(loop->timers);
    free(loop->items);
    free(loop->polled);
    free(loop);
}
