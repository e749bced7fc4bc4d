#include "metrics/scrape.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "metrics/exposition.h"
#include "net/loop.h"

#define MAX_CONNECTIONS 8u
#define CONNECTION_BYTES ((size_t)16 * 1024)
#define TIMEOUT_S 5u

struct scrape {
    struct scrape_options options;
    struct MHD_Daemon *daemon;
    struct loop_watch *watch;
    struct loop_timer *timer; /* of connections that say nothing */
    uint16_t port;
};

static enum MHD_Result answer(struct MHD_Connection *connection,
    unsigned status, const char *type, struct bytes page)
{
    /* The library wants a pointer that is not const and copies what it holds.
     */
    struct MHD_Response *response = MHD_create_response_from_buffer(
        page.len, (void *)(uintptr_t)page.data, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result result;

    if (response == NULL)
        return MHD_NO;
    result = MHD_add_response_header(response, "Content-Type", type);
    if (result == MHD_YES && status == MHD_HTTP_METHOD_NOT_ALLOWED)
        result = MHD_add_response_header(response, "Allow", "GET, HEAD");
    if (result == MHD_YES)
        result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result refuse(
    struct MHD_Connection *connection, unsigned status, const char *sentence)
{
    return answer(connection, status, "text/plain; charset=utf-8",
        (struct bytes){(const uint8_t *)sentence, strlen(sentence)});
}

/* "localhost", "127.0.0.1", either with a port. */
static bool names_this_machine(const char *host)
{
    static const char *const names[] = {"localhost", "127.0.0.1"};

    for (size_t i = 0; host != NULL && i < sizeof names / sizeof names[0];
         i++) {
        const size_t len = strlen(names[i]);

        if (strncmp(host, names[i], len) == 0 &&
            (host[len] == '\0' || host[len] == ':'))
            return true;
    }
    return false;
}

static enum MHD_Result serve(void *arg, struct MHD_Connection *connection,
    const char *url, const char *method, const char *version,
    const char *upload, size_t *upload_size, void **state)
{
    struct scrape *scrape = arg;
    const char *accept =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Accept");
    struct buf page = BUF_EMPTY;
    struct exposition to = {.out = &page};
    enum MHD_Result result;

    (void)version, (void)upload, (void)upload_size, (void)state;
    if (!names_this_machine(
            MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host")))
        return refuse(connection, MHD_HTTP_FORBIDDEN,
            "Ask for 127.0.0.1 or localhost.\n");
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
            "This page can only be read.\n");
    if (strcmp(url, "/metrics") != 0)
        return refuse(connection, MHD_HTTP_NOT_FOUND,
            "There is only one page: /metrics\n");
    to.plain = accept == NULL ||
               strstr(accept, "application/openmetrics-text") == NULL;
    scrape->options.render(scrape->options.arg, &to);
    result = answer(
        connection, MHD_HTTP_OK, exposition_type(to.plain), buf_bytes(&page));
    buf_free(&page);
    return result;
}

static void run(struct scrape *scrape)
{
    MHD_UNSIGNED_LONG_LONG wait;

    MHD_run(scrape->daemon);
    if (MHD_get_timeout(scrape->daemon, &wait) == MHD_YES)
        loop_timer_set(
            scrape->timer, (mono){clock_mono().ms + (int64_t)wait + 1});
    else
        loop_timer_set(scrape->timer, (mono){0});
}

static void on_ready(void *arg, int events)
{
    (void)events;
    run(arg);
}

static void on_due(void *arg)
{
    run(arg);
}

static int start(struct scrape *scrape, struct err *err)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
        .sin_port = htons(scrape->options.port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const union MHD_DaemonInfo *info;

    errno = 0;
    scrape->daemon = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, serve,
        scrape, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_CONNECTION_LIMIT,
        MAX_CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_BYTES,
        MHD_OPTION_CONNECTION_TIMEOUT, TIMEOUT_S, MHD_OPTION_END);
    if (scrape->daemon == NULL)
        return err_set(err, ERR_IO,
            "cannot serve metrics on 127.0.0.1:%u: %s; set another [metrics] "
            "port",
            scrape->options.port, errno != 0 ? strerror(errno) : "refused");
    info = MHD_get_daemon_info(scrape->daemon, MHD_DAEMON_INFO_BIND_PORT);
    scrape->port = info == NULL ? scrape->options.port : info->port;
    info = MHD_get_daemon_info(scrape->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (info == NULL)
        return err_set(err, ERR_IO, "cannot serve metrics: no epoll");
    scrape->watch = loop_watch_fd(
        scrape->options.loop, info->epoll_fd, LOOP_READ, on_ready, scrape);
    return 0;
}

int scrape_open(
    struct scrape **out, const struct scrape_options *options, struct err *err)
{
    SCOPED(scrape_closep) struct scrape *scrape = mem_alloc(sizeof *scrape);
    int rc;

    scrape->options = *options;
    scrape->timer = loop_timer_new(options->loop, on_due, scrape);
    rc = start(scrape, err);
    if (rc < 0)
        return rc;
    *out = TAKE(scrape);
    return 0;
}

int scrape_follow(struct scrape **scrape, const struct scrape_options *options,
    struct err *err)
{
    struct scrape *fresh = NULL;
    int rc;

    if (options->port == (*scrape == NULL ? 0 : (*scrape)->port))
        return 0;
    rc = options->port == 0 ? 0 : scrape_open(&fresh, options, err);
    if (rc < 0)
        return rc;
    scrape_close(*scrape);
    *scrape = fresh;
    return 0;
}

uint16_t scrape_port(const struct scrape *scrape)
{
    return scrape->port;
}

void scrape_close(struct scrape *scrape)
{
    if (scrape == NULL)
        return;
    loop_unwatch(scrape->watch);
    loop_timer_free(scrape->timer);
    if (scrape->daemon != NULL)
        MHD_stop_daemon(scrape->daemon);
    free(scrape);
}
