#include "net/stranger.h"

#include <string.h>

#include <zmq.h>

#include "base/clock.h"
#include "base/err.h"
#include "net/curve.h"
#include "net/monitor.h"
#include "net/sockopt.h"

#define PATIENCE_MS 5000

static void close_socket(void **socket)
{
    if (*socket != NULL)
        zmq_close(*socket);
}

static void *knock(void *context, const char *endpoint, const char *server_key,
    const char *public_key, const char *secret_key)
{
    const int none = 0;
    const struct sockopt_key keys[] = {
        {ZMQ_CURVE_SERVERKEY, server_key},
        {ZMQ_CURVE_PUBLICKEY, public_key},
        {ZMQ_CURVE_SECRETKEY, secret_key},
    };
    void *socket = zmq_socket(context, ZMQ_DEALER);

    if (socket == NULL)
        return NULL;
    if (zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none) == 0 &&
        sockopt_keys(socket, keys, sizeof keys / sizeof keys[0]) &&
        zmq_connect(socket, endpoint) == 0)
        return socket;
    zmq_close(socket);
    return NULL;
}

static int wait_for_refusal(void *monitor, struct zap *zap, struct err *err)
{
    const int64_t end = clock_mono().ms + PATIENCE_MS;
    struct monitor_event event;

    for (int64_t left; (left = end - clock_mono().ms) > 0;) {
        zmq_pollitem_t items[] = {
            {zap_socket(zap), 0, ZMQ_POLLIN, 0}, {monitor, 0, ZMQ_POLLIN, 0}};

        (void)zmq_poll(items, 2, (long)left);
        zap_answer(zap);
        while (monitor_next(&event, monitor)) {
            if (event.kind == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
                return 0;
            if (event.kind == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
                return err_set(err, ERR_CRYPTO,
                    "self-test: a connection with an unknown key was let in");
        }
    }
    return err_set(err, ERR_CRYPTO,
        "self-test: a connection with an unknown key was not refused in %d s",
        PATIENCE_MS / 1000);
}

int stranger_is_refused(void *context, void *router, const char *server_key,
    struct zap *zap, struct err *err)
{
    char public_key[CURVE_TEXT_SIZE], secret_key[CURVE_TEXT_SIZE];
    SCOPED(close_socket) void *socket = NULL;
    char endpoint[64];
    size_t size = sizeof endpoint;
    void *monitor = NULL;
    int rc = curve_new_pair(public_key, secret_key, err);

    if (rc != 0)
        return rc;
    if (zmq_bind(router, "tcp://127.0.0.1:*") != 0 ||
        zmq_getsockopt(router, ZMQ_LAST_ENDPOINT, endpoint, &size) != 0)
        return err_set(err, ERR_IO, "self-test: cannot listen on loopback: %s",
            zmq_strerror(zmq_errno()));
    socket = knock(context, endpoint, server_key, public_key, secret_key);
    if (socket != NULL)
        monitor = monitor_open(context, socket,
            ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH);
    rc = monitor == NULL ? err_set(err, ERR_IO, "self-test: cannot connect: %s",
                               zmq_strerror(zmq_errno()))
                         : wait_for_refusal(monitor, zap, err);
    if (socket != NULL)
        monitor_close(monitor, socket);
    (void)zmq_unbind(router, endpoint);
    return rc;
}
