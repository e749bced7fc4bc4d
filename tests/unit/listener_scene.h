/* listener_scene - a listener and a link to it in one loop. */
#ifndef TEST_LISTENER_SCENE_H
#define TEST_LISTENER_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#include "base/err.h"
#include "net/curve.h"
#include "net/link.h"
#include "net/listener.h"

#define MAX_MESSAGE ((size_t)100000)
#define PATIENCE_MS 10000
#define CROWD 300
#define MORE_LINKS 40

struct keys {
    char public_key[CURVE_TEXT_SIZE], secret_key[CURVE_TEXT_SIZE];
};

struct scene {
    struct loop *loop;
    struct keys hub, known, revoked;
    struct listener *listener;
    struct link *link;
    struct link *more[MORE_LINKS]; /* of the test itself */
    struct loop_timer *timer;
    bool everybody; /* may connect */
    int32_t silence_ms;
    enum link_state want;
    bool seen;
    int messages, batches, biggest, in_batch;
    int stop_at;
    struct listener_peer peer;
    struct bytes kept[8]; /* borrowed until the batch ends */
    char said[256];       /* the newest event */
    int events;
    unsigned most; /* connections of one key */
    int crowded;   /* told, of the known key */
};

static inline bool may_connect(void *arg, const char *curve_key)
{
    const struct scene *s = arg;

    return s->everybody || strcmp(curve_key, s->known.public_key) == 0;
}

static inline void on_message(void *arg, const struct listener_peer *peer,
    struct bytes talk, struct bytes body)
{
    struct scene *s = arg;

    (void)body;
    s->peer = *peer;
    if (s->in_batch < 8)
        s->kept[s->in_batch] = talk;
    s->messages++;
    s->in_batch++;
}

static inline void on_drained(void *arg)
{
    struct scene *s = arg;

    s->batches++;
    for (int i = 0; i < s->in_batch && i < 8; i++)
        assert_memory_equal(s->kept[i].data, "talk", 4);
    if (s->in_batch > s->biggest)
        s->biggest = s->in_batch;
    s->in_batch = 0;
    if (s->messages >= s->stop_at && s->stop_at > 0) {
        s->seen = true;
        loop_stop(s->loop);
    }
}

static inline void on_event(void *arg, const char *sentence)
{
    struct scene *s = arg;

    s->events++;
    snprintf(s->said, sizeof s->said, "%s", sentence);
}

static inline void on_crowded(void *arg, const char *curve_key)
{
    struct scene *s = arg;

    s->crowded += strcmp(curve_key, s->known.public_key) == 0;
}

static inline int open_listener(struct scene *s, struct err *err)
{
    const struct listener_options options = {"tcp://127.0.0.1:*",
        s->hub.public_key, s->hub.secret_key, MAX_MESSAGE, s->silence_ms,
        s->most};
    const struct listener_callbacks callbacks = {
        may_connect, on_message, on_drained, on_event, on_crowded, s};

    return listener_open(&s->listener, s->loop, &options, &callbacks, err);
}

static inline void on_state(
    void *arg, enum link_state state, const char *sentence)
{
    struct scene *s = arg;

    (void)sentence;
    if (state == s->want) {
        s->seen = true;
        loop_stop(s->loop);
    }
}

static inline void ignore(void *arg, struct bytes talk, struct bytes body)
{
    (void)arg;
    (void)talk;
    (void)body;
}

static inline void connect_as(struct scene *s, const struct keys *keys)
{
    const struct link_options options = {listener_endpoint(s->listener),
        s->hub.public_key, keys->public_key, keys->secret_key, MAX_MESSAGE};
    const struct link_callbacks callbacks = {on_state, ignore, NULL, s};

    assert_int_equal(
        link_open(&s->link, s->loop, &options, &callbacks, NULL), 0);
}

static inline void give_up(void *arg)
{
    loop_stop(((struct scene *)arg)->loop);
}

static inline bool run_for(struct scene *s, int ms)
{
    s->seen = false;
    loop_timer_set(s->timer, (mono){clock_mono().ms + ms});
    assert_int_equal(loop_run(s->loop, NULL), 0);
    return s->seen;
}

static inline void expect(struct scene *s, enum link_state want)
{
    s->want = want;
    assert_true(run_for(s, PATIENCE_MS));
}

static inline void expect_messages(struct scene *s, int count)
{
    s->stop_at = count;
    assert_true(run_for(s, PATIENCE_MS));
    assert_int_equal(s->messages, count);
}

static inline int set_up(void **state)
{
    struct scene *s = calloc(1, sizeof *s);
    struct keys *all[] = {&s->hub, &s->known, &s->revoked};

    assert_non_null(s);
    assert_int_equal(loop_new(&s->loop, NULL), 0);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(
            curve_new_pair(all[i]->public_key, all[i]->secret_key, NULL), 0);
    s->timer = loop_timer_new(s->loop, give_up, s);
    *state = s;
    return 0;
}

static inline int tear_down(void **state)
{
    struct scene *s = *state;

    link_close(s->link);
    for (size_t i = 0; i < MORE_LINKS; i++)
        link_close(s->more[i]);
    listener_close(s->listener);
    loop_free(s->loop);
    free(s);
    return 0;
}

static inline int connect_raw(const struct scene *s)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const char *port = strrchr(listener_endpoint(s->listener), ':') + 1;
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    at.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
