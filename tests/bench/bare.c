#include "bare.h"

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <zmq.h>

#include "net/zap.h"
#include "rig.h"

/* The same socket options as net/listener.c sets. */
static void set_options(void *router, const struct crowd *crowd)
{
    const struct {
        int option, value;
    } numbers[] = {
        {ZMQ_CURVE_SERVER, 1},
        {ZMQ_ROUTER_MANDATORY, 1},
        {ZMQ_LINGER, 0},
        {ZMQ_BACKLOG, 4096},
        {ZMQ_HANDSHAKE_IVL, 30000},
        {ZMQ_SNDHWM, 1024},
        {ZMQ_RCVHWM, 64},
        {ZMQ_TCP_KEEPALIVE, 1},
    };

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        rig_need(zmq_setsockopt(router, numbers[i].option, &numbers[i].value,
                     sizeof numbers[i].value) == 0,
            "option");
    rig_need(zmq_setsockopt(router, ZMQ_CURVE_SECRETKEY, crowd->hub_secret,
                 strlen(crowd->hub_secret) + 1) == 0 &&
                 zmq_setsockopt(router, ZMQ_ZAP_DOMAIN, ZAP_DOMAIN,
                     strlen(ZAP_DOMAIN)) == 0,
        "trust");
}

static enum zap_verdict judge(void *arg, const char *curve_key)
{
    const struct crowd *crowd = arg;

    for (int i = 0; i < crowd->schools; i++)
        if (strcmp(crowd->keys[i][0], curve_key) == 0)
            return ZAP_ADMIT;
    return ZAP_REFUSE;
}

/* All frames of a message go back as they are. */
static void send_back(void *router)
{
    zmq_msg_t frame;
    bool more = true;

    while (more) {
        zmq_msg_init(&frame);
        if (zmq_msg_recv(&frame, router, ZMQ_DONTWAIT) < 0)
            return;
        more = zmq_msg_more(&frame);
        if (zmq_msg_send(
                &frame, router, ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0)) < 0)
            zmq_msg_close(&frame); /* it is gone; so is the rest */
    }
}

static void serve(struct crowd *crowd)
{
    void *context = zmq_ctx_new();
    void *router;
    struct zap *zap;

    rig_need(zmq_ctx_set(context, ZMQ_IO_THREADS, 2) == 0, "threads");
    rig_must(zap_open(&zap, context, judge, crowd, NULL), "zap", NULL);
    router = zmq_socket(context, ZMQ_ROUTER);
    rig_need(router != NULL, "socket");
    set_options(router, crowd);
    rig_need(zmq_bind(router, crowd->endpoint) == 0, "bind");
    for (;;) {
        zmq_pollitem_t items[] = {
            {router, 0, ZMQ_POLLIN, 0}, {zap_socket(zap), 0, ZMQ_POLLIN, 0}};

        rig_need(zmq_poll(items, 2, -1) >= 0, "poll");
        if (items[1].revents != 0)
            zap_answer(zap);
        for (int i = 0; i < 64 && items[0].revents != 0; i++)
            send_back(router);
    }
}

void bare_start(struct crowd *crowd)
{
    crowd->hub = fork();
    rig_need(crowd->hub >= 0, "fork");
    if (crowd->hub > 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    serve(crowd);
}
