#include "net/zap.h"

#include <stdlib.h>
#include <string.h>

#include <zmq.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/curve.h"
#include "net/message.h"

#define ENDPOINT "inproc://zeromq.zap.01"
#define VERSION "1.0"
#define KEY_SIZE 32

struct zap {
    void *socket;
    enum zap_verdict (*judge)(void *arg, const char *curve_key);
    void *arg;
};

/* version, request id, domain, address, identity, mechanism, key */
enum { ASK_VERSION, ASK_ID, ASK_MECHANISM = 5, ASK_KEY = 6, ASK_FRAMES };

struct question {
    uint8_t frames[ASK_FRAMES][64];
    size_t lens[ASK_FRAMES];
};

int zap_open(struct zap **out, void *context,
    enum zap_verdict (*judge)(void *arg, const char *curve_key), void *arg,
    struct err *err)
{
    const int none = 0;
    struct zap *zap = mem_alloc(sizeof *zap);

    *zap = (struct zap){zmq_socket(context, ZMQ_REP), judge, arg};
    if (zap->socket == NULL ||
        zmq_setsockopt(zap->socket, ZMQ_LINGER, &none, sizeof none) != 0 ||
        zmq_bind(zap->socket, ENDPOINT) != 0) {
        zap_close(zap);
        return err_set(err, ERR_IO, "cannot bind the handler of new keys: %s",
            zmq_strerror(zmq_errno()));
    }
    *out = zap;
    return 0;
}

void *zap_socket(const struct zap *zap)
{
    return zap->socket;
}

/* A frame longer than its place keeps its true length, so it matches nothing.
 */
static bool receive(struct question *question, void *socket)
{
    for (int i = 0; i < ASK_FRAMES; i++) {
        int more = 0;
        size_t size = sizeof more;
        const int len = zmq_recv(socket, question->frames[i],
            sizeof question->frames[i], ZMQ_DONTWAIT);

        if (len < 0)
            return false;
        question->lens[i] = (size_t)len;
        zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size);
        if (!more)
            return i == ASK_KEY;
    }
    message_drop(socket);
    return false;
}

static bool frame_is(const struct question *question, int i, const char *text)
{
    return question->lens[i] == strlen(text) &&
           memcmp(question->frames[i], text, strlen(text)) == 0;
}

static void reply(struct zap *zap, const struct question *question, int verdict,
    const char *key)
{
    const char *status = verdict == ZAP_ADMIT  ? "200"
                         : verdict == ZAP_FULL ? "500"
                                               : "400";
    const size_t id_len = question->lens[ASK_ID];

    zmq_send(zap->socket, VERSION, strlen(VERSION), ZMQ_SNDMORE);
    zmq_send(zap->socket, question->frames[ASK_ID],
        id_len <= sizeof question->frames[0] ? id_len : 0, ZMQ_SNDMORE);
    zmq_send(zap->socket, status, strlen(status), ZMQ_SNDMORE);
    zmq_send(zap->socket, "", 0, ZMQ_SNDMORE); /* text: the status says it */
    zmq_send(zap->socket, key, strlen(key), ZMQ_SNDMORE);
    zmq_send(zap->socket, "", 0, 0); /* no metadata */
}

void zap_answer(struct zap *zap)
{
    int events = 0;
    size_t size = sizeof events;

    while (zmq_getsockopt(zap->socket, ZMQ_EVENTS, &events, &size) == 0 &&
           events & ZMQ_POLLIN) {
        struct question question = {.lens = {0}};
        char key[CURVE_TEXT_SIZE] = "";
        int verdict = ZAP_REFUSE;

        if (receive(&question, zap->socket) &&
            frame_is(&question, ASK_VERSION, VERSION) &&
            frame_is(&question, ASK_MECHANISM, "CURVE") &&
            question.lens[ASK_KEY] == KEY_SIZE &&
            zmq_z85_encode(key, question.frames[ASK_KEY], KEY_SIZE) != NULL)
            verdict = (int)zap->judge(zap->arg, key);
        reply(zap, &question, verdict, verdict == ZAP_ADMIT ? key : "");
    }
}

void zap_close(struct zap *zap)
{
    if (zap == NULL)
        return;
    if (zap->socket != NULL)
        zmq_close(zap->socket);
    free(zap);
}
