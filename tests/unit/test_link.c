#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <unistd.h>

#include "base/err.h"
#include "net/curve.h"
#include "net/link.h"
#include "net/listener.h"

#define MAX_MESSAGE ((size_t)100000)
#define PATIENCE_MS 15000
#define LATE_MS 27000 /* nearly libzmq's limit */

struct keys {
    char public_key[CURVE_TEXT_SIZE], secret_key[CURVE_TEXT_SIZE];
};

/* A hub that answers each message with the same, an agent, and what both saw.
 */
struct scene {
    struct loop *loop;
    struct keys hub, agent;
    struct listener *listener;
    struct link *link;
    bool admit;
    struct loop_timer *timer;
    enum link_state want;
    bool seen; /* want was reached, or want_messages */
    int want_messages;
    int messages, drained, at_hub;
    size_t bytes;
    char sentence[512];
    bool close_on_message, send_when_up;
};

static bool may_connect(void *arg, const char *curve_key)
{
    struct scene *s = arg;

    return s->admit && strcmp(curve_key, s->agent.public_key) == 0;
}

static void echo(void *arg, const struct listener_peer *peer, struct bytes talk,
    struct bytes body)
{
    struct scene *s = arg;

    s->at_hub++;
    assert_string_equal(peer->curve_key, s->agent.public_key);
    assert_int_equal(listener_send(s->listener, peer, talk, body, NULL), 0);
}

static void drained(void *arg)
{
    struct scene *s = arg;

    s->drained++;
}

static void event(void *arg, const char *sentence)
{
    (void)arg;
    (void)sentence;
}

static void start_hub(struct scene *s, const char *endpoint)
{
    const struct listener_options options = {
        endpoint, s->hub.public_key, s->hub.secret_key, MAX_MESSAGE, 0, 0};
    const struct listener_callbacks callbacks = {
        may_connect, echo, drained, event, NULL, s};
    struct err err = {.text = ""};

    if (listener_open(&s->listener, s->loop, &options, &callbacks, &err) != 0)
        fail_msg("%s", err.text);
}

static void on_state(void *arg, enum link_state state, const char *sentence)
{
    struct scene *s = arg;

    snprintf(s->sentence, sizeof s->sentence, "%s", sentence);
    if (state == LINK_UP && s->send_when_up)
        assert_int_equal(
            link_send(s->link, bytes_of("x"), (struct bytes){0}, NULL), 0);
    if (state == s->want) {
        s->seen = true;
        loop_stop(s->loop);
    }
}

static void on_message(void *arg, struct bytes talk, struct bytes body)
{
    struct scene *s = arg;

    s->messages++;
    s->bytes = talk.len + body.len;
    if (s->close_on_message) {
        link_close(s->link);
        s->link = NULL;
    }
    if (s->messages == s->want_messages) {
        s->seen = true;
        loop_stop(s->loop);
    }
}

static void connect_link(
    struct scene *s, const char *endpoint, const char *server_key)
{
    const struct link_options options = {endpoint, server_key,
        s->agent.public_key, s->agent.secret_key, MAX_MESSAGE};
    const struct link_callbacks callbacks = {on_state, on_message, drained, s};

    assert_int_equal(
        link_open(&s->link, s->loop, &options, &callbacks, NULL), 0);
}

static void give_up(void *arg)
{
    loop_stop(((struct scene *)arg)->loop);
}

static void run(struct scene *s)
{
    s->seen = false;
    loop_timer_set(s->timer, (mono){clock_mono().ms + PATIENCE_MS});
    assert_int_equal(loop_run(s->loop, NULL), 0);
    if (!s->seen)
        fail_msg("waited in vain; last: %s", s->sentence);
}

static void run_until(struct scene *s, enum link_state want)
{
    s->want = want;
    run(s);
    assert_int_equal(link_state(s->link), want);
}

static void run_until_messages(struct scene *s, int count)
{
    s->want_messages = count;
    run(s);
}

static int set_up(void **state)
{
    struct scene *s = calloc(1, sizeof *s);

    assert_non_null(s);
    s->admit = true;
    assert_int_equal(loop_new(&s->loop, NULL), 0);
    assert_int_equal(
        curve_new_pair(s->hub.public_key, s->hub.secret_key, NULL), 0);
    assert_int_equal(
        curve_new_pair(s->agent.public_key, s->agent.secret_key, NULL), 0);
    s->timer = loop_timer_new(s->loop, give_up, s);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *s = *state;

    link_close(s->link);
    listener_close(s->listener);
    loop_free(s->loop);
    free(s);
    return 0;
}

static void start_both(struct scene *s)
{
    start_hub(s, "tcp://127.0.0.1:*");
    connect_link(s, listener_endpoint(s->listener), s->hub.public_key);
    run_until(s, LINK_UP);
}

static void test_carries_messages_of_one_and_two_frames(void **state)
{
    struct scene *s = *state;

    start_both(s);
    assert_int_equal(
        link_send(s->link, bytes_of("hello"), bytes_of("there"), NULL), 0);
    run_until_messages(s, 1);
    assert_int_equal(s->bytes, 10);
    assert_int_equal(
        link_send(s->link, bytes_of("again"), (struct bytes){0}, NULL), 0);
    run_until_messages(s, 2);
    assert_int_equal(s->bytes, 5);
    assert_true(s->drained > 1);
}

/* The handshake's event may come before the socket takes messages. */
static void test_sends_from_the_moment_it_is_up(void **state)
{
    struct scene *s = *state;

    start_hub(s, "tcp://127.0.0.1:*");
    s->send_when_up = true;
    for (int i = 1; i <= 50; i++) {
        connect_link(s, listener_endpoint(s->listener), s->hub.public_key);
        run_until_messages(s, i);
        link_close(s->link);
        s->link = NULL;
    }
}

static void test_refuses_to_send_while_not_up(void **state)
{
    struct scene *s = *state;
    struct err err;

    start_hub(s, "tcp://127.0.0.1:*");
    connect_link(s, listener_endpoint(s->listener), s->hub.public_key);
    assert_int_equal(
        link_send(s->link, bytes_of("x"), (struct bytes){0}, &err), ERR_BUSY);
}

static void test_refuses_an_over_size_message_at_the_sender(void **state)
{
    static const uint8_t big[MAX_MESSAGE + 1];
    struct scene *s = *state;
    struct err err;

    start_both(s);
    assert_int_equal(link_send(s->link, bytes_of("x"),
                         (struct bytes){big, sizeof big}, &err),
        ERR_TOO_BIG);
    assert_string_equal(err.text, "message of 100001 bytes, limit 100000");
    assert_int_equal(link_send(s->link, bytes_of("x"),
                         (struct bytes){big, MAX_MESSAGE}, NULL),
        0);
    run_until_messages(s, 1);
    assert_int_equal(s->bytes, MAX_MESSAGE + 1);
    assert_int_equal(link_state(s->link), LINK_UP);
}

static void test_tells_an_unreachable_hub(void **state)
{
    struct scene *s = *state;

    connect_link(s, "tcp://127.0.0.1:1", s->hub.public_key);
    run_until(s, LINK_UNREACHABLE);
    assert_non_null(strstr(s->sentence, "cannot reach the hub"));
}

static void test_tells_a_host_name_that_nobody_knows(void **state)
{
    struct scene *s = *state;

    connect_link(s, "tcp://no-such-host.invalid:7700", s->hub.public_key);
    run_until(s, LINK_UNREACHABLE);
}

static void test_tells_a_wrong_server_key(void **state)
{
    struct scene *s = *state;

    start_hub(s, "tcp://127.0.0.1:*");
    connect_link(s, listener_endpoint(s->listener), s->agent.public_key);
    run_until(s, LINK_KEY_WRONG);
    assert_non_null(strstr(s->sentence, "key or enrolment wrong"));
    assert_int_equal(s->at_hub, 0);
}

/* A server that accepts and says nothing. */
static int open_mute_server(char endpoint[64], uint16_t port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
        .sin_port = htons(port)};
    socklen_t len = sizeof at;
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    const int yes = 1;

    assert_int_equal(
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes), 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 8), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    snprintf(endpoint, 64, "tcp://127.0.0.1:%u", ntohs(at.sin_port));
    return fd;
}

static void test_tells_a_server_that_never_ends_the_handshake(void **state)
{
    struct scene *s = *state;
    char endpoint[64];
    const int fd = open_mute_server(endpoint, 0);

    connect_link(s, endpoint, s->hub.public_key);
    run_until(s, LINK_KEY_WRONG);
    assert_non_null(strstr(s->sentence, "did not end in 5 s"));
    close(fd);
}

/* The hub is there again, but has not come to us yet, or hangs: the keys were
 * right before, so nobody is told that they are wrong. */
static void test_tells_a_hub_that_takes_its_time_from_a_wrong_key(void **state)
{
    struct scene *s = *state;
    char endpoint[64];
    int fd;

    start_both(s);
    snprintf(endpoint, sizeof endpoint, "%s", listener_endpoint(s->listener));
    listener_close(s->listener);
    s->listener = NULL;
    run_until(s, LINK_CONNECTING);
    fd = open_mute_server(
        endpoint, (uint16_t)strtoul(strrchr(endpoint, ':') + 1, NULL, 10));
    s->want = LINK_KEY_WRONG;
    loop_timer_set(s->timer, (mono){clock_mono().ms + LATE_MS});
    assert_int_equal(loop_run(s->loop, NULL), 0);
    assert_int_equal(link_state(s->link), LINK_CONNECTING);
    run_until(s, LINK_UNREACHABLE);
    assert_non_null(strstr(s->sentence, "overloaded, or it hangs"));
    close(fd);
    start_hub(s, endpoint);
    run_until(s, LINK_UP);
}

static void test_comes_back_once_a_refused_key_is_admitted(void **state)
{
    struct scene *s = *state;

    s->admit = false;
    start_hub(s, "tcp://127.0.0.1:*");
    connect_link(s, listener_endpoint(s->listener), s->hub.public_key);
    run_until(s, LINK_REFUSED);

    s->admit = true;
    run_until(s, LINK_UP);
    assert_int_equal(
        link_send(s->link, bytes_of("x"), (struct bytes){0}, NULL), 0);
    run_until_messages(s, 1);
}

static void test_connects_again_after_a_hub_restart(void **state)
{
    struct scene *s = *state;
    char endpoint[64];

    start_both(s);
    snprintf(endpoint, sizeof endpoint, "%s", listener_endpoint(s->listener));
    listener_close(s->listener);
    s->listener = NULL;
    run_until(s, LINK_CONNECTING);
    run_until(s, LINK_UNREACHABLE);

    start_hub(s, endpoint);
    run_until(s, LINK_UP);
    assert_int_equal(
        link_send(s->link, bytes_of("x"), (struct bytes){0}, NULL), 0);
    run_until_messages(s, 1);
}

static void test_may_be_closed_by_its_own_callback(void **state)
{
    struct scene *s = *state;

    start_both(s);
    s->close_on_message = true;
    assert_int_equal(
        link_send(s->link, bytes_of("x"), (struct bytes){0}, NULL), 0);
    assert_int_equal(
        link_send(s->link, bytes_of("y"), (struct bytes){0}, NULL), 0);
    run_until_messages(s, 1);
    assert_null(s->link);
}

static void test_refuses_what_is_no_address_or_key(void **state)
{
    struct scene *s = *state;
    static const char *const endpoints[] = {
        "", "hub.example", "tcp://", "tcp://127.0.0.1", "tcp://127.0.0.1:x"};
    const struct link_callbacks callbacks = {on_state, on_message, NULL, s};
    struct link_options options = {NULL, s->hub.public_key, s->agent.public_key,
        s->agent.secret_key, MAX_MESSAGE};
    struct err err;

    for (size_t i = 0; i < sizeof endpoints / sizeof endpoints[0]; i++) {
        options.endpoint = endpoints[i];
        assert_int_equal(
            link_open(&s->link, s->loop, &options, &callbacks, &err),
            ERR_MALFORMED);
        assert_null(s->link);
    }
    options.endpoint = "tcp://127.0.0.1:1";
    options.server_key = "short";
    assert_int_equal(link_open(&s->link, s->loop, &options, &callbacks, &err),
        ERR_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_carries_messages_of_one_and_two_frames),
        TEST(test_sends_from_the_moment_it_is_up),
        TEST(test_refuses_to_send_while_not_up),
        TEST(test_refuses_an_over_size_message_at_the_sender),
        TEST(test_tells_an_unreachable_hub),
        TEST(test_tells_a_host_name_that_nobody_knows),
        TEST(test_tells_a_wrong_server_key),
        TEST(test_tells_a_server_that_never_ends_the_handshake),
        TEST(test_tells_a_hub_that_takes_its_time_from_a_wrong_key),
        TEST(test_comes_back_once_a_refused_key_is_admitted),
        TEST(test_connects_again_after_a_hub_restart),
        TEST(test_may_be_closed_by_its_own_callback),
        TEST(test_refuses_what_is_no_address_or_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
