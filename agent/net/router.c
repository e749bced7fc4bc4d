#include "net/router.h"

#include <string.h>

#include <zmq.h>

#include "base/err.h"
#include "net/sockopt.h"
#include "net/zap.h"

#define HANDSHAKE_LIMIT_MS 30000 /* as in link.c */
#define BACKLOG 4096             /* 100, the default, slows mass reconnects */
#define SEND_QUEUE 1024 /* messages a connection; credit bounds bytes */
#define RECEIVE_QUEUE 64
#define KEEPALIVE_IDLE_S 60
#define KEEPALIVE_COUNT 3
#define KEEPALIVE_INTERVAL_S 20

/* ZMQ_ZAP_ENFORCE_DOMAIN: declared as a draft only, built in by Debian. */
#define ZAP_ENFORCE_DOMAIN 93

static bool set_numbers(void *router, size_t max_message)
{
    const struct sockopt_number numbers[] = {
        {ZMQ_CURVE_SERVER, 1},
        {ZMQ_ROUTER_MANDATORY, 1}, /* or it drops what it cannot route */
        {ZMQ_SNDTIMEO, 0},
        {ZMQ_LINGER, 0},
        {ZMQ_BACKLOG, BACKLOG},
        {ZMQ_HANDSHAKE_IVL, HANDSHAKE_LIMIT_MS},
        {ZMQ_SNDHWM, SEND_QUEUE},
        {ZMQ_RCVHWM, RECEIVE_QUEUE},
        {ZMQ_TCP_KEEPALIVE, 1}, /* heartbeats here would cost quadratic CPU */
        {ZMQ_TCP_KEEPALIVE_IDLE, KEEPALIVE_IDLE_S},
        {ZMQ_TCP_KEEPALIVE_CNT, KEEPALIVE_COUNT},
        {ZMQ_TCP_KEEPALIVE_INTVL, KEEPALIVE_INTERVAL_S},
    };

    return sockopt_numbers(
               router, numbers, sizeof numbers / sizeof numbers[0]) &&
           sockopt_max_message(router, max_message);
}

static int set_trust(
    void *router, const struct listener_options *options, struct err *err)
{
    const int yes = 1;
    const struct sockopt_key keys[] = {
        {ZMQ_CURVE_PUBLICKEY, options->public_key},
        {ZMQ_CURVE_SECRETKEY, options->secret_key},
    };

    /* A libzmq without draft options does not know ENFORCE_DOMAIN; then the
     * handler bound before and the self-test have to do. */
    if (zmq_setsockopt(
            router, ZMQ_ZAP_DOMAIN, ZAP_DOMAIN, strlen(ZAP_DOMAIN)) != 0 ||
        (zmq_setsockopt(router, ZAP_ENFORCE_DOMAIN, &yes, sizeof yes) != 0 &&
            zmq_errno() != EINVAL))
        return err_set(err, ERR_CRYPTO,
            "this libzmq cannot be made to ask who connects: %s",
            zmq_strerror(zmq_errno()));
    if (!sockopt_keys(router, keys, sizeof keys / sizeof keys[0]))
        return err_set(err, ERR_CRYPTO, "not a transport key (Z85)");
    return 0;
}

int router_open(void **out, void *context,
    const struct listener_options *options, struct err *err)
{
    *out = zmq_socket(context, ZMQ_ROUTER);
    if (*out == NULL || !set_numbers(*out, options->max_message))
        return err_set(
            err, ERR_IO, "cannot make a socket: %s", zmq_strerror(zmq_errno()));
    return set_trust(*out, options, err);
}
