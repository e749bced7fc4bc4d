#include "net/listener.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <zmq.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/binding.h"
#include "net/curve.h"
#include "net/descriptors.h"
#include "net/guests.h"
#include "net/loop_zmq.h"
#include "net/message.h"
#include "net/monitor.h"
#include "net/router.h"
#include "net/silence.h"
#include "net/stranger.h"
#include "net/tally.h"
#include "net/zap.h"

#define IO_THREADS 2
/* Of the last descriptors: new keys are told "full" from SPARE before the limit
 * on; connections that only knock are cut from half of that on. */
#define SPARE 64
#define LEAST_DESCRIPTORS 256
#define PRESSED 6      /* times less silence is borne while it is full */
#define PRESSED_MS 200 /* to the look at who is silent then */
#define MOST_DESCRIPTORS (1 << 20) /* that are looked at */

/* Routing ids that libzmq makes: a zero and 4 bytes.  Others were chosen by the
 * client, which may collide with somebody's. */
#define ROUTING_SIZE 5

struct listener {
    struct loop *loop;
    char *endpoint;
    size_t max_message;
    struct listener_callbacks callbacks;
    void *context;
    void *router, *monitor;
    struct zap *zap;
    struct loop_watch *router_watch, *monitor_watch, *zap_watch;
    int descriptors; /* allowed */
    struct tally refused, full, odd, silent;
    struct guests guests;
    uint64_t crowded;
    struct silence silence;
    int32_t silence_ms;
    struct loop_timer *silence_timer; /* set while somebody is silent */
    bool pressed; /* somebody found no room: silence is borne for less */
    /* the batch: what was handed over lives until on_drained returns */
    zmq_msg_t talks[MESSAGE_BATCH], bodies[MESSAGE_BATCH];
    size_t held;
};

static void tell(
    struct listener *listener, struct tally *tally, const char *what)
{
    char text[TALLY_TEXT];

    if (tally_tell(text, tally, what, clock_mono()) &&
        listener->callbacks.on_event != NULL)
        listener->callbacks.on_event(listener->callbacks.arg, text);
}

static void tell_full(struct listener *listener)
{
    const mono soon = {clock_mono().ms + PRESSED_MS};
    const mono due = loop_timer_due(listener->silence_timer);

    listener->pressed = true;
    if (due.ms == 0 || due.ms > soon.ms)
        loop_timer_set(listener->silence_timer, soon);
    tell(listener, &listener->full,
        "no room for more connections: raise the limit of open files "
        "(LimitNOFILE)");
}

static void tell_crowded(struct listener *listener, const char *curve_key)
{
    listener->crowded++;
    if (listener->callbacks.on_crowded != NULL)
        listener->callbacks.on_crowded(listener->callbacks.arg, curve_key);
}

static enum zap_verdict judge(void *arg, const char *curve_key)
{
    struct listener *listener = arg;

    if (descriptors_next() >= listener->descriptors - SPARE) {
        tell_full(listener);
        return ZAP_FULL;
    }
    if (listener->callbacks.may_connect(listener->callbacks.arg, curve_key)) {
        if (guests_knock(&listener->guests, curve_key, clock_mono()))
            return ZAP_ADMIT;
        tell_crowded(listener, curve_key);
        return ZAP_FULL;
    }
    if (listener->router_watch != NULL) /* not the self-test's own */
        tell(listener, &listener->refused,
            "refused a connection: its key is not in the directory");
    return ZAP_REFUSE;
}

static void on_zap(void *arg, int events)
{
    struct listener *listener = arg;

    (void)events;
    zap_answer(listener->zap);
}

/* Four looks in the time allowed. */
static void watch_silence(struct listener *listener)
{
    if (listener->silence.silent > 0 &&
        loop_timer_due(listener->silence_timer).ms == 0)
        loop_timer_set(listener->silence_timer,
            (mono){clock_mono().ms + listener->silence_ms / 4 + 1});
}

/* libzmq cannot be told to stop accepting.  By the time we cut a connection its
 * number may be another's, but then that one is over the limit too. */
static void on_monitor(void *arg, int events)
{
    struct listener *listener = arg;
    struct monitor_event event;

    (void)events;
    while (monitor_next(&event, listener->monitor)) {
        if (event.kind == ZMQ_EVENT_ACCEPT_FAILED)
            tell_full(listener);
        if (event.kind == ZMQ_EVENT_ACCEPTED &&
            (int)event.value >= listener->descriptors - SPARE / 2) {
            tell_full(listener);
            (void)shutdown((int)event.value, SHUT_RDWR);
        }
        if (event.kind == ZMQ_EVENT_ACCEPTED)
            silence_opened(&listener->silence, (int)event.value, clock_mono());
        if (event.kind == ZMQ_EVENT_DISCONNECTED)
            silence_broken(&listener->silence, (int)event.value);
        if (event.kind != ZMQ_EVENT_ACCEPT_FAILED)
            guests_leave(&listener->guests, (int)event.value);
    }
    watch_silence(listener);
}

/* What the monitor still has to say comes first: a number may be another's by
 * now.  Who is cut wrongly connects again. */
static void on_silence(void *arg)
{
    struct listener *listener = arg;
    const int32_t borne = listener->pressed ? listener->silence_ms / PRESSED
                                            : listener->silence_ms;
    const mono until = {clock_mono().ms - borne};
    int fd;

    listener->pressed = false;
    on_monitor(listener, LOOP_READ);
    while ((fd = silence_take(&listener->silence, until)) >= 0) {
        tell(listener, &listener->silent,
            "cut a connection that had said nothing");
        (void)shutdown(fd, SHUT_RDWR);
    }
    watch_silence(listener);
}

/* The peer of the message in talk.  After a poll the first frame carries no
 * user id, so it is read from this one. */
static bool identify(
    struct listener_peer *out, zmq_msg_t *routing, zmq_msg_t *talk)
{
    const char *key = zmq_msg_gets(talk, "User-Id");
    const uint8_t *id = zmq_msg_data(routing);

    if (key == NULL || strlen(key) != sizeof out->curve_key - 1 ||
        zmq_msg_size(routing) != ROUTING_SIZE || id[0] != 0)
        return false;
    *out = (struct listener_peer){.routing_len = ROUTING_SIZE};
    memcpy(out->routing, id, ROUTING_SIZE);
    memcpy(out->curve_key, key, sizeof out->curve_key);
    return true;
}

/* Receive one message into the batch.  Returns as message_receive(). */
static int receive(struct listener *listener, struct listener_peer *peer)
{
    zmq_msg_t *talk = &listener->talks[listener->held];
    zmq_msg_t *body = &listener->bodies[listener->held];
    zmq_msg_t routing;
    int got = -1;

    zmq_msg_init(&routing);
    if (zmq_msg_recv(&routing, listener->router, ZMQ_DONTWAIT) < 0) {
        zmq_msg_close(&routing);
        return 0;
    }
    zmq_msg_init(talk);
    zmq_msg_init(body);
    if (zmq_msg_more(&routing) &&
        message_receive(listener->router, talk, body) > 0 &&
        identify(peer, &routing, talk))
        got = 1;
    zmq_msg_close(&routing);
    if (got < 0) {
        zmq_msg_close(talk);
        zmq_msg_close(body);
        tell(listener, &listener->odd,
            "ignored a message with odd frames or no sender");
    }
    return got;
}

/* The sender of a message that is held speaks.  Who has too many connections
 * loses one. */
static void note_sender(struct listener *listener, zmq_msg_t *talk,
    const struct listener_peer *peer)
{
    const int fd = zmq_msg_get(talk, ZMQ_SRCFD);
    const int too_many = guests_speak(&listener->guests, fd, peer);

    silence_broken(&listener->silence, fd);
    if (too_many < 0)
        return;
    tell_crowded(listener, peer->curve_key);
    (void)shutdown(too_many, SHUT_RDWR);
}

static void on_router(void *arg, int events)
{
    struct listener *listener = arg;
    size_t bytes = 0;
    int taken = 0;

    (void)events;
    while (taken++ < MESSAGE_BATCH && bytes < MESSAGE_BATCH_BYTES) {
        struct listener_peer peer;
        const int got = receive(listener, &peer);
        const size_t i = listener->held;

        if (got == 0)
            break;
        if (got < 0)
            continue;
        listener->held++;
        note_sender(listener, &listener->talks[i], &peer);
        bytes += zmq_msg_size(&listener->bodies[i]);
        listener->callbacks.on_message(listener->callbacks.arg, &peer,
            message_bytes(&listener->talks[i]),
            message_bytes(&listener->bodies[i]));
    }
    if (listener->held > 0)
        listener->callbacks.on_drained(listener->callbacks.arg);
    while (listener->held > 0) {
        listener->held--;
        zmq_msg_close(&listener->talks[listener->held]);
        zmq_msg_close(&listener->bodies[listener->held]);
    }
}

/* The handler first, then the socket, its test on loopback, and only then the
 * address that others can reach. */
static int open_sockets(struct listener *listener,
    const struct listener_options *options, struct err *err)
{
    int rc;

    listener->context = zmq_ctx_new();
    if (listener->context == NULL ||
        zmq_ctx_set(listener->context, ZMQ_IO_THREADS, IO_THREADS) != 0)
        return err_errno(err, "cannot start ZeroMQ");
    rc = zap_open(&listener->zap, listener->context, judge, listener, err);
    if (rc != 0)
        return rc;
    rc = router_open(&listener->router, listener->context, options, err);
    if (rc == 0)
        rc = stranger_is_refused(listener->context, listener->router,
            options->public_key, listener->zap, err);
    if (rc != 0)
        return rc;
    listener->monitor = monitor_open(listener->context, listener->router,
        ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_ACCEPT_FAILED | ZMQ_EVENT_DISCONNECTED);
    if (listener->monitor == NULL)
        return err_set(err, ERR_IO, "cannot watch a socket: %s",
            zmq_strerror(zmq_errno()));
    return 0;
}

static void watch_sockets(struct listener *listener)
{
    struct loop *loop = listener->loop;

    listener->zap_watch = loop_watch_zmq(
        loop, zap_socket(listener->zap), LOOP_READ, on_zap, listener);
    listener->monitor_watch = loop_watch_zmq(
        loop, listener->monitor, LOOP_READ, on_monitor, listener);
    listener->router_watch =
        loop_watch_zmq(loop, listener->router, LOOP_READ, on_router, listener);
}

int listener_open(struct listener **out, struct loop *loop,
    const struct listener_options *options,
    const struct listener_callbacks *callbacks, struct err *err)
{
    SCOPED(listener_closep)
    struct listener *listener = mem_alloc(sizeof *listener);
    size_t looked_at;
    int rc;

    listener->loop = loop;
    listener->max_message = options->max_message;
    listener->callbacks = *callbacks;
    listener->silence_ms =
        options->silence_ms > 0 ? options->silence_ms : LISTENER_SILENCE_MS;
    listener->silence_timer = loop_timer_new(loop, on_silence, listener);
    listener->descriptors = descriptors_raise();
    looked_at = (size_t)(listener->descriptors < MOST_DESCRIPTORS
                             ? listener->descriptors
                             : MOST_DESCRIPTORS);
    silence_init(&listener->silence, looked_at);
    guests_init(&listener->guests, looked_at,
        options->most > 0 ? options->most : LISTENER_MOST);
    if (listener->descriptors < LEAST_DESCRIPTORS)
        return err_set(err, ERR_FULL,
            "only %d open files are allowed and each school's connection needs "
            "one: raise the limit (LimitNOFILE=65536, ulimit -n)",
            listener->descriptors);
    rc = open_sockets(listener, options, err);
    if (rc == 0)
        rc = binding_make(
            &listener->endpoint, listener->router, options->endpoint, err);
    if (rc != 0)
        return rc;
    watch_sockets(listener);
    *out = TAKE(listener);
    return 0;
}

const char *listener_endpoint(const struct listener *listener)
{
    return listener->endpoint;
}

/* A body of the batch is passed on without a copy. */
static void make_body(
    zmq_msg_t *out, struct listener *listener, struct bytes body)
{
    for (size_t i = 0; i < listener->held && body.len > 0; i++)
        if (zmq_msg_data(&listener->bodies[i]) == body.data &&
            zmq_msg_size(&listener->bodies[i]) == body.len) {
            zmq_msg_init(out);
            if (zmq_msg_copy(out, &listener->bodies[i]) == 0)
                return;
        }
    message_frame(out, body);
}

int listener_send(struct listener *listener, const struct listener_peer *peer,
    struct bytes talk, struct bytes body, struct err *err)
{
    zmq_msg_t frames[2];

    if (talk.len > listener->max_message || body.len > listener->max_message)
        return err_set(err, ERR_TOO_BIG, "message of %zu bytes, limit %zu",
            talk.len > body.len ? talk.len : body.len, listener->max_message);
    if (zmq_send(listener->router, peer->routing, peer->routing_len,
            ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
        return zmq_errno() == EAGAIN
                   ? err_set(err, ERR_BUSY, "the peer's queue is full")
                   : err_set(err, ERR_NOT_FOUND, "the peer is gone");
    message_frame(&frames[0], talk);
    make_body(&frames[1], listener, body);
    if (!message_send(listener->router, &frames[0], &frames[1]))
        return err_set(err, ERR_NOT_FOUND, "the peer is gone");
    return 0;
}

struct listener_counts listener_counts(const struct listener *listener)
{
    return (struct listener_counts){listener->refused.total,
        listener->full.total, listener->odd.total, listener->silent.total,
        listener->crowded};
}

void listener_limit(struct listener *listener, unsigned most)
{
    listener->guests.most = most;
}

bool listener_same_peer(
    const struct listener_peer *a, const struct listener_peer *b)
{
    return a->routing_len == b->routing_len &&
           memcmp(a->routing, b->routing, a->routing_len) == 0 &&
           strcmp(a->curve_key, b->curve_key) == 0;
}

void listener_close(struct listener *listener)
{
    if (listener == NULL)
        return;
    loop_unwatch(listener->router_watch);
    loop_unwatch(listener->monitor_watch);
    loop_unwatch(listener->zap_watch);
    loop_timer_free(listener->silence_timer);
    silence_free(&listener->silence);
    guests_free(&listener->guests);
    if (listener->router != NULL) {
        monitor_close(listener->monitor, listener->router);
        zmq_close(listener->router);
    }
    zap_close(listener->zap);
    if (listener->context != NULL)
        zmq_ctx_term(listener->context);
    free(listener->endpoint);
    free(listener);
}
