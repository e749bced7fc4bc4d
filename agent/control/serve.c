/* Only on_client(), the timer and serve_close() free a client, so the daemon
 * may answer from within on_request(). */
#include "control/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "control/client.h"
#include "control/endpoint.h"

#define PATIENCE_MS 30000 /* for a request; for each piece of an answer */

struct control_server {
    struct control_loop loop;
    struct control_callbacks callbacks;
    int64_t patience_ms;
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
    client_free(client);
    set_timer(server);
}

void serve_refuse(struct control_client *client, const char *code,
    const char *text, const char *next)
{
    client_refuse(client, code, text, next);
    set_timer(client->server);
}

void serve_answer(struct control_client *client, json_t *result)
{
    client_answer(client, result);
    set_timer(client->server);
}

void serve_progress(struct control_client *client, json_t *progress)
{
    client_progress(client, progress);
    set_timer(client->server);
}

/* False when the connection is gone. */
static bool read_request(struct control_client *client)
{
    const struct control_callbacks *callbacks = &client->server->callbacks;

    if (!client_read(client))
        return false;
    if (client->state == CLIENT_WAITING)
        callbacks->on_request(callbacks->arg, client, &client->request,
            &client->peer, client->file);
    return true;
}

static void on_client(void *arg, int events)
{
    struct control_client *client = arg;
    struct control_server *server = client->server;
    const bool there = client->state == CLIENT_READING
                           ? read_request(client)
                           : client_is_there(client);

    (void)events;
    if (!there || !client_write(client))
        drop(client);
    set_timer(server);
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
    struct control_client *client;
    struct control_peer peer;

    if (endpoint_peer(&peer, fd, NULL) < 0) {
        close(fd);
        return;
    }
    client = client_new(fd, server->patience_ms);
    client->peer = peer;
    client->server = server;
    client->loop = &server->loop;
    client->next = server->clients;
    server->clients = client;
    server->client_count++;
    client->watch =
        server->loop.watch(server->loop.loop, fd, false, on_client, client);
    set_timer(server);
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
        .patience_ms = PATIENCE_MS,
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

void serve_set_patience(struct control_server *server, int64_t ms)
{
    server->patience_ms = ms;
}

void serve_close(struct control_server *server)
{
    if (server == NULL)
        return;
    while (server->clients != NULL) {
        (void)!client_write(server->clients);
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
