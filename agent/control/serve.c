/*
 * A client's life:
 *
 *   READING --whole request--> WAITING --answer--> WRITING --sent--> closed
 *      |                          |                   |
 *      +-- bad bytes: a refusal is written -----------+
 *      +-- 30 s, or gone          +-- gone: on_gone   +-- 30 s without a byte
 *
 * Only on_client() and the timer free a client, so the daemon may answer from
 * within on_request().
 */
#include "control/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "control/endpoint.h"
#include "control/frame.h"

#define PATIENCE_MS 30000           /* for a request; for each written piece */
#define MAX_WAITING ((size_t)65536) /* unread progress of one client */

enum client_state { CLIENT_READING, CLIENT_WAITING, CLIENT_WRITING };

struct control_client {
    struct control_client *next;
    struct control_server *server;
    enum client_state state;
    int fd;
    void *watch;
    struct control_peer peer;
    int file;      /* that came with the request; -1: none */
    mono deadline; /* 0 while WAITING with nothing to write */
    uint8_t header[FRAME_HEADER];
    size_t header_len;
    struct buf in; /* the body as far as it has come */
    struct control_request request;
    struct buf out;
    size_t sent; /* of out */
};

struct control_server {
    struct control_loop loop;
    struct control_callbacks callbacks;
    int fd;
    void *watch;
    int spare; /* given up to refuse a client when descriptors run out */
    int timer; /* a timerfd, set while any client has a deadline */
    void *timer_watch;
    struct control_client *clients;
    size_t client_count;
    char *path;
};

/* Wake at the nearest deadline; never, if there is none. */
static void set_timer(struct control_server *server)
{
    struct itimerspec when = {0};
    int64_t nearest = 0;

    for (const struct control_client *c = server->clients; c != NULL;
         c = c->next)
        if (c->deadline.ms != 0 && (nearest == 0 || c->deadline.ms < nearest))
            nearest = c->deadline.ms;
    when.it_value.tv_sec = nearest / 1000;
    when.it_value.tv_nsec = nearest % 1000 * 1000000;
    timerfd_settime(server->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static void set_deadline(struct control_client *client, bool on)
{
    client->deadline = on ? (mono){clock_mono().ms + PATIENCE_MS} : (mono){0};
    set_timer(client->server);
}

static void free_client(struct control_client *client)
{
    client->server->loop.unwatch(client->watch);
    close(client->fd);
    if (client->file >= 0)
        close(client->file);
    control_request_end(&client->request);
    buf_free(&client->in);
    buf_free(&client->out);
    free(client);
}

static void drop(struct control_client *client)
{
    struct control_server *server = client->server;
    struct control_client **at = &server->clients;

    if (client->state == CLIENT_WAITING)
        server->callbacks.on_gone(server->callbacks.arg, client);
    while (*at != client)
        at = &(*at)->next;
    *at = client->next;
    server->client_count--;
    free_client(client);
    set_timer(server);
}

/* Queue a frame {"key": value}; takes over value. */
static int queue(struct control_client *client, const char *key, json_t *value)
{
    json_t *frame = json_pack("{s:o}", key, value);
    const int rc =
        frame == NULL ? ERR_MALFORMED
                      : frame_add(&client->out, frame, CONTROL_MAX_REPLY, NULL);

    json_decref(frame);
    if (rc < 0)
        return rc;
    client->server->loop.rewatch(client->watch, true);
    if (client->deadline.ms == 0)
        set_deadline(client, true);
    return 0;
}

/* The request has had its answer: nobody asks for it again. */
static void end_request(struct control_client *client)
{
    client->state = CLIENT_WRITING;
    if (client->file >= 0)
        close(client->file);
    client->file = -1;
    control_request_end(&client->request);
    set_deadline(client, true);
}

void serve_refuse(struct control_client *client, const char *code,
    const char *text, const char *next)
{
    char clean_text[512];
    char clean_next[256];

    text_clean(clean_text, sizeof clean_text, text);
    text_clean(clean_next, sizeof clean_next, next);
    end_request(client);
    /* These three are short and UTF-8, so this cannot fail; if it did, the
     * client would be closed at its deadline without an answer. */
    (void)!queue(client, "error",
        json_pack("{s:s,s:s,s:s}", "code", code, "text", clean_text, "next",
            clean_next));
}

void serve_answer(struct control_client *client, json_t *result)
{
    end_request(client);
    if (queue(client, "result", result) < 0)
        serve_refuse(client, control_code(ERR_TOO_BIG),
            "the answer is too long to be sent", "Ask for less of it");
}

void serve_progress(struct control_client *client, json_t *progress)
{
    /* A client that does not read misses some: only the newest matters. */
    if (client->out.len - client->sent > MAX_WAITING)
        json_decref(progress);
    else
        (void)!queue(client, "progress", progress);
}

/* False when the connection is gone. */
static bool flush(struct control_client *client)
{
    while (client->sent < client->out.len) {
        const ssize_t sent = endpoint_send(client->fd,
            (struct bytes){client->out.data + client->sent,
                client->out.len - client->sent},
            -1);

        if (sent < 0)
            return false;
        if (sent == 0)
            return true;
        client->sent += (size_t)sent;
        set_deadline(client, true);
    }
    buf_clear(&client->out);
    client->sent = 0;
    client->server->loop.rewatch(client->watch, false);
    if (client->state == CLIENT_WAITING)
        set_deadline(client, false);
    return client->state != CLIENT_WRITING;
}

static void refuse_bytes(
    struct control_client *client, int rc, const char *text)
{
    serve_refuse(client, control_code(rc), text,
        rc == ERR_STATE ? "Restart the agent after an upgrade" : "");
}

/* The whole body is here. */
static void take_request(struct control_client *client)
{
    const struct control_callbacks *callbacks = &client->server->callbacks;
    struct err err = {0};
    uint8_t more;
    int rc;

    if (endpoint_receive(client->fd, &more, 1, &client->file) > 0) {
        refuse_bytes(
            client, ERR_MALFORMED, "one connection carries one request");
        return;
    }
    rc = control_decode_request(
        &client->request, client->in.data, client->in.len, &err);
    buf_free(&client->in);
    if (rc < 0) {
        refuse_bytes(client, rc, err.text);
        return;
    }
    client->state = CLIENT_WAITING;
    set_deadline(client, false);
    callbacks->on_request(
        callbacks->arg, client, &client->request, &client->peer, client->file);
}

/* Receive the next piece of the request.  Returns as endpoint_receive(). */
static ssize_t receive(struct control_client *client)
{
    struct buf *in = &client->in;
    ssize_t got;

    if (client->header_len < FRAME_HEADER) {
        got = endpoint_receive(client->fd, client->header + client->header_len,
            FRAME_HEADER - client->header_len, &client->file);
        client->header_len += got > 0 ? (size_t)got : 0;
        return got;
    }
    buf_reserve(in, frame_length(client->header) - in->len);
    got = endpoint_receive(client->fd, in->data + in->len,
        frame_length(client->header) - in->len, &client->file);
    in->len += got > 0 ? (size_t)got : 0;
    return got;
}

/* False when the connection is gone. */
static bool read_request(struct control_client *client)
{
    while (client->state == CLIENT_READING) {
        const ssize_t got = receive(client);

        if (got == ENDPOINT_NOT_NOW)
            return true;
        if (got < 0)
            return false;
        if (client->header_len < FRAME_HEADER)
            continue;
        if (frame_length(client->header) == 0 ||
            frame_length(client->header) > CONTROL_MAX_REQUEST)
            refuse_bytes(client, ERR_TOO_BIG, "a request has 1 byte to 1 MiB");
        else if (client->in.len == frame_length(client->header))
            take_request(client);
    }
    return true;
}

/* After the request: see whether the client is still there.  What it goes on
 * sending while it is being refused is thrown away, so that it comes to read
 * why; one that waits has nothing more to say. */
static bool is_there(struct control_client *client)
{
    uint8_t waste[4096];
    int unwanted = -1;
    const ssize_t got =
        endpoint_receive(client->fd, waste, sizeof waste, &unwanted);

    if (unwanted >= 0)
        close(unwanted);
    return got == ENDPOINT_NOT_NOW ||
           (got > 0 && client->state == CLIENT_WRITING);
}

static void on_client(void *arg, int events)
{
    struct control_client *client = arg;
    const bool there = client->state == CLIENT_READING ? read_request(client)
                                                       : is_there(client);

    (void)events;
    if (!there || (client->out.len > 0 && !flush(client)))
        drop(client);
}

static void on_due(void *arg, int events)
{
    struct control_server *server = arg;
    struct control_client *next;
    uint64_t expirations;
    const int64_t now = clock_mono().ms;

    (void)events;
    if (read(server->timer, &expirations, sizeof expirations) < 0)
        return;
    for (struct control_client *c = server->clients; c != NULL; c = next) {
        next = c->next;
        if (c->deadline.ms != 0 && c->deadline.ms <= now)
            drop(c);
    }
    set_timer(server);
}

static void turn_away(int fd)
{
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    json_t *frame = json_pack("{s:{s:s,s:s,s:s}}", "error", "code",
        control_code(ERR_BUSY), "text", "the agent has too many clients now",
        "next", "Try again in a minute");

    if (frame_add(&out, frame, CONTROL_MAX_REPLY, NULL) == 0)
        (void)!endpoint_send(fd, buf_bytes(&out), -1);
    json_decref(frame);
    close(fd);
}

static void admit(struct control_server *server, int fd)
{
    struct control_client *client = mem_alloc(sizeof *client);

    *client = (struct control_client){
        .next = server->clients,
        .server = server,
        .state = CLIENT_READING,
        .fd = fd,
        .file = -1,
    };
    if (endpoint_peer(&client->peer, fd, NULL) < 0) {
        free(client);
        close(fd);
        return;
    }
    server->clients = client;
    server->client_count++;
    client->watch =
        server->loop.watch(server->loop.loop, fd, false, on_client, client);
    set_deadline(client, true);
}

/* Without a descriptor to spare, a connection could be neither taken nor
 * refused, and the loop would spin on it. */
static bool shed(struct control_server *server)
{
    int fd;

    if ((errno != EMFILE && errno != ENFILE) || server->spare < 0)
        return false;
    close(server->spare);
    fd = endpoint_accept(server->fd);
    if (fd >= 0)
        turn_away(fd);
    server->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return fd >= 0;
}

static void on_connection(void *arg, int events)
{
    struct control_server *server = arg;

    (void)events;
    for (;;) {
        const int fd = endpoint_accept(server->fd);

        if (fd < 0 && !shed(server))
            return;
        if (fd >= 0 && server->client_count >= CONTROL_MAX_CLIENTS)
            turn_away(fd);
        else if (fd >= 0)
            admit(server, fd);
    }
}

int serve_listen(struct control_server **out, const char *path,
    const struct control_loop *loop, const struct control_callbacks *callbacks,
    struct err *err)
{
    int fd;
    const int rc = endpoint_listen(&fd, path, err);
    struct control_server *server;

    if (rc < 0)
        return rc;
    server = mem_alloc(sizeof *server);
    *server = (struct control_server){
        .loop = *loop,
        .callbacks = *callbacks,
        .fd = fd,
        .timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
        .spare = open("/dev/null", O_RDONLY | O_CLOEXEC),
        .path = mem_text(path),
    };
    server->watch = loop->watch(loop->loop, fd, false, on_connection, server);
    server->timer_watch =
        loop->watch(loop->loop, server->timer, false, on_due, server);
    *out = server;
    return 0;
}

void serve_close(struct control_server *server)
{
    if (server == NULL)
        return;
    while (server->clients != NULL) {
        if (server->clients->out.len > 0)
            (void)!flush(server->clients);
        drop(server->clients);
    }
    server->loop.unwatch(server->watch);
    server->loop.unwatch(server->timer_watch);
    close(server->fd);
    close(server->timer);
    if (server->spare >= 0)
        close(server->spare);
    unlink(server->path);
    free(server->path);
    free(server);
}
