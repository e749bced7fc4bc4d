#include "net/link.h"

#include <stdio.h>
#include <stdlib.h>

#include <zmq.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/loop_zmq.h"
#include "net/message.h"
#include "net/monitor.h"
#include "net/sockopt.h"
#include "net/zap.h"

#define HANDSHAKE_MS 5000 /* then people are told */
#define HANDSHAKE_LIMIT_MS                                                     \
    30000 /* then libzmq gives up; shorter ones make a                         \
           * storm of reconnects feed itself */
#define CONNECT_LIMIT_MS 10000
#define RECONNECT_MIN_MS 200 /* to this add up to RECONNECT_SPREAD_MS */
#define RECONNECT_SPREAD_MS 800
#define RECONNECT_MAX_MS 30000
#define AGAIN_MIN_MS 1000
#define AGAIN_MAX_MS 60000
#define AGAIN_QUICK                                                            \
    10 /* tries before the wait grows: while a cluster is set                  \
        * up the directory often comes seconds later */
#define HEARTBEAT_MS 30000
#define HEARTBEAT_TIMEOUT_MS 60000
/* The hub's patience.  libzmq 4.3.4 keeps it in sixteen bits of milliseconds:
 * from more it takes 65,536, and cuts the connection between two heartbeats. */
#define HEARTBEAT_TTL_MS 65000
#define QUEUE 1000 /* messages, each way */

_Static_assert(HEARTBEAT_TTL_MS > 2 * HEARTBEAT_MS && HEARTBEAT_TTL_MS < 65536,
    "a connection outlives one lost heartbeat, and the number fits");

struct link {
    struct loop *loop;
    char *endpoint;
    char *server_key, *public_key, *secret_key;
    size_t max_message;
    struct link_callbacks callbacks;
    enum link_state state;
    void *socket, *monitor; /* NULL between two tries */
    struct loop_watch *socket_watch, *monitor_watch;
    struct loop_timer *deadline; /* of the handshake */
    struct loop_timer *again;    /* make the socket anew */
    bool joining;                /* handshake done, not yet writable */
    bool lost;                   /* was up: the next retry is no failure yet */
    bool proven;                 /* was up once: the keys fit */
    mono connected;              /* when TCP was last */
    unsigned failures;           /* refused or key wrong, one after the other */
    unsigned inside;             /* callbacks of ours on the stack */
    bool closed;                 /* by one of them: free at the outermost */
};

static void open_again(struct link *link);

static void enter(
    struct link *link, enum link_state state, const char *sentence)
{
    char text[512];

    if (link->state == state || link->closed)
        return;
    link->state = state;
    snprintf(text, sizeof text, "%s: %s", link->endpoint, sentence);
    if (link->callbacks.on_state != NULL)
        link->callbacks.on_state(link->callbacks.arg, state, text);
}

static void drop_socket(struct link *link)
{
    loop_unwatch(TAKE(link->socket_watch));
    loop_unwatch(TAKE(link->monitor_watch));
    loop_timer_set(link->deadline, (mono){0});
    link->joining = false;
    link->lost = false;
    if (link->socket == NULL)
        return;
    monitor_close(TAKE(link->monitor), link->socket);
    zmq_close(TAKE(link->socket));
}

/* Wait AGAIN_MIN_MS for some tries, then twice as long each time. */
static void back_off(struct link *link)
{
    uint32_t ms = AGAIN_MIN_MS;

    drop_socket(link);
    link->failures++;
    for (unsigned i = AGAIN_QUICK; i < link->failures && ms < AGAIN_MAX_MS; i++)
        ms *= 2;
    if (ms > AGAIN_MAX_MS)
        ms = AGAIN_MAX_MS;
    ms = ms * 3 / 4 + arc4random_uniform(ms / 2);
    loop_timer_set(link->again, (mono){clock_mono().ms + ms});
}

/* Has libzmq given up, rather than the other side? */
static bool is_late(const struct link *link)
{
    return clock_mono().ms - link->connected.ms >= HANDSHAKE_LIMIT_MS - 1000;
}

static void on_event(struct link *link, const struct monitor_event *event)
{
    switch (event->kind) {
    case ZMQ_EVENT_CONNECTED:
        link->connected = clock_mono();
        if (!link->proven)
            loop_timer_set(
                link->deadline, (mono){link->connected.ms + HANDSHAKE_MS});
        break;
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        /* The I/O thread is done; the socket may notice a moment later. */
        loop_timer_set(link->deadline, (mono){0});
        link->joining = true;
        loop_watch_events(link->socket_watch, LOOP_READ | LOOP_WRITE);
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        back_off(link);
        enter(link, LINK_REFUSED,
            event->value == ZAP_FULL
                ? "the hub takes no more connections now: it is full, or "
                  "this school has opened too many"
                : "the hub does not admit our key: not in its directory yet, "
                  "or revoked");
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
        back_off(link);
        if (link->proven && is_late(link)) {
            enter(link, LINK_UNREACHABLE,
                "the hub has taken the connection and then said nothing for 30 "
                "s: it is overloaded, or it hangs");
            break;
        }
        enter(link, LINK_KEY_WRONG,
            "key or enrolment wrong: what answers there broke off the "
            "handshake, so it is not the hub that our directory names");
        break;
    case ZMQ_EVENT_DISCONNECTED:
        loop_timer_set(link->deadline, (mono){0});
        loop_watch_events(link->socket_watch, LOOP_READ);
        link->joining = false;
        link->lost = true;
        if (link->state == LINK_UP)
            enter(link, LINK_CONNECTING, "connection lost, connecting again");
        break;
    case ZMQ_EVENT_CLOSED:
    case ZMQ_EVENT_CONNECT_RETRIED:
        if (!link->lost)
            enter(link, LINK_UNREACHABLE,
                "cannot reach the hub: wrong address, not running, or stopped "
                "by a firewall");
        link->lost = false;
        break;
    default:
        break;
    }
}

/* The outermost callback is over: free what a callback has closed. */
static void leave(struct link *link)
{
    link->inside--;
    if (link->closed && link->inside == 0)
        link_close(link);
}

static void on_monitor(void *arg, int events)
{
    struct link *link = arg;
    struct monitor_event event;

    (void)events;
    link->inside++;
    while (link->monitor != NULL && monitor_next(&event, link->monitor))
        on_event(link, &event);
    leave(link);
}

static void on_deadline(void *arg)
{
    struct link *link = arg;

    link->inside++;
    enter(link, LINK_KEY_WRONG,
        "key or enrolment wrong: something answers there, but the handshake "
        "did not end in 5 s");
    leave(link);
}

static void on_again(void *arg)
{
    struct link *link = arg;

    link->inside++;
    open_again(link);
    leave(link);
}

/* Hand over what is there, up to a batch.  Returns how many messages. */
static unsigned hand_over(struct link *link)
{
    size_t bytes = 0;
    unsigned count = 0;

    while (count < MESSAGE_BATCH && bytes < MESSAGE_BATCH_BYTES &&
           link->socket != NULL) {
        zmq_msg_t talk, body;
        int got;

        zmq_msg_init(&talk);
        zmq_msg_init(&body);
        got = message_receive(link->socket, &talk, &body);
        bytes += zmq_msg_size(&body);
        if (got > 0)
            link->callbacks.on_message(link->callbacks.arg,
                message_bytes(&talk), message_bytes(&body));
        zmq_msg_close(&talk);
        zmq_msg_close(&body);
        if (got == 0)
            break;
        count++;
    }
    return count;
}

static void on_socket(void *arg, int events)
{
    struct link *link = arg;

    link->inside++;
    if (link->joining && events & LOOP_WRITE) {
        link->joining = false;
        link->failures = 0;
        link->proven = true;
        loop_watch_events(link->socket_watch, LOOP_READ);
        enter(link, LINK_UP, "connected");
    }
    if (events & LOOP_READ && hand_over(link) > 0 && !link->closed &&
        link->callbacks.on_drained != NULL)
        link->callbacks.on_drained(link->callbacks.arg);
    leave(link);
}

static bool set_numbers(const struct link *link)
{
    const struct sockopt_number numbers[] = {
        {ZMQ_IMMEDIATE, 1}, /* nothing is queued for a hub that is away */
        {ZMQ_LINGER, 0},
        {ZMQ_SNDHWM, QUEUE},
        {ZMQ_RCVHWM, QUEUE},
        {ZMQ_HANDSHAKE_IVL, HANDSHAKE_LIMIT_MS},
        {ZMQ_CONNECT_TIMEOUT, CONNECT_LIMIT_MS},
        {ZMQ_RECONNECT_IVL,
            RECONNECT_MIN_MS + (int)arc4random_uniform(RECONNECT_SPREAD_MS)},
        {ZMQ_RECONNECT_IVL_MAX, RECONNECT_MAX_MS},
        {ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS},
        {ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS},
        {ZMQ_HEARTBEAT_TTL, HEARTBEAT_TTL_MS},
    };

    return sockopt_numbers(
               link->socket, numbers, sizeof numbers / sizeof numbers[0]) &&
           sockopt_max_message(link->socket, link->max_message);
}

static bool set_keys(const struct link *link)
{
    const struct sockopt_key keys[] = {
        {ZMQ_CURVE_SERVERKEY, link->server_key},
        {ZMQ_CURVE_PUBLICKEY, link->public_key},
        {ZMQ_CURVE_SECRETKEY, link->secret_key},
    };

    return sockopt_keys(link->socket, keys, sizeof keys / sizeof keys[0]);
}

static int open_socket(struct link *link, struct err *err)
{
    void *context = loop_context(link->loop);

    link->socket = context == NULL ? NULL : zmq_socket(context, ZMQ_DEALER);
    if (link->socket == NULL || !set_numbers(link))
        return err_set(
            err, ERR_IO, "cannot make a socket: %s", zmq_strerror(zmq_errno()));
    if (!set_keys(link))
        return err_set(err, ERR_MALFORMED, "not a transport key (Z85)");
    link->monitor = monitor_open(context, link->socket, ZMQ_EVENT_ALL);
    if (link->monitor == NULL)
        return err_set(err, ERR_IO, "cannot watch a socket: %s",
            zmq_strerror(zmq_errno()));
    if (zmq_connect(link->socket, link->endpoint) != 0)
        return err_set(err, ERR_MALFORMED,
            "%s is not an address like tcp://hub.example:7700", link->endpoint);
    link->monitor_watch =
        loop_watch_zmq(link->loop, link->monitor, LOOP_READ, on_monitor, link);
    link->socket_watch =
        loop_watch_zmq(link->loop, link->socket, LOOP_READ, on_socket, link);
    return 0;
}

static void open_again(struct link *link)
{
    struct err err;

    if (open_socket(link, &err) != 0) {
        back_off(link);
        enter(link, LINK_UNREACHABLE, err.text);
    }
}

int link_open(struct link **out, struct loop *loop,
    const struct link_options *options, const struct link_callbacks *callbacks,
    struct err *err)
{
    SCOPED(link_closep) struct link *link = mem_alloc(sizeof *link);
    int rc;

    link->loop = loop;
    link->endpoint = mem_text(options->endpoint);
    link->server_key = mem_text(options->server_key);
    link->public_key = mem_text(options->public_key);
    link->secret_key = mem_text(options->secret_key);
    link->max_message = options->max_message;
    link->callbacks = *callbacks;
    link->state = LINK_CONNECTING;
    link->deadline = loop_timer_new(loop, on_deadline, link);
    link->again = loop_timer_new(loop, on_again, link);
    rc = open_socket(link, err);
    if (rc == 0)
        *out = TAKE(link);
    return rc;
}

enum link_state link_state(const struct link *link)
{
    return link->state;
}

int link_send(
    struct link *link, struct bytes talk, struct bytes body, struct err *err)
{
    zmq_msg_t frames[2];

    if (link->state != LINK_UP)
        return err_set(err, ERR_BUSY, "%s: %s", link->endpoint,
            link_state_name(link->state));
    if (talk.len > link->max_message || body.len > link->max_message)
        return err_set(err, ERR_TOO_BIG, "message of %zu bytes, limit %zu",
            talk.len > body.len ? talk.len : body.len, link->max_message);
    message_frame(&frames[0], talk);
    message_frame(&frames[1], body);
    if (!message_send(link->socket, &frames[0], &frames[1]))
        return err_set(err, ERR_BUSY, "%s: its queue is full", link->endpoint);
    return 0;
}

void link_close(struct link *link)
{
    if (link == NULL)
        return;
    drop_socket(link);
    link->closed = true;
    if (link->inside > 0)
        return;
    loop_timer_free(link->deadline);
    loop_timer_free(link->again);
    free(link->endpoint);
    free(link->server_key);
    free(link->public_key);
    explicit_bzero(link->secret_key, strlen(link->secret_key));
    free(link->secret_key);
    free(link);
}

const char *link_state_name(enum link_state state)
{
    static const char *const names[] = {"connecting", "connected",
        "cannot reach the hub", "key or enrolment wrong",
        "the hub does not admit us"};

    return names[state];
}
