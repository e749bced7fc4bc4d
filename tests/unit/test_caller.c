#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <unistd.h>

#include "base/err.h"
#include "net/caller.h"
#include "net/curve.h"
#include "net/listener.h"

#define MAX_MESSAGE ((size_t)1000)
#define PATIENCE_MS 10000

struct keys {
    char public_key[CURVE_TEXT_SIZE], secret_key[CURVE_TEXT_SIZE];
};

/* A hub in a process of its own: caller_ask() blocks. */
struct scene {
    struct keys hub, us, stranger;
    struct listener *listener;
    char endpoint[64];
    bool silent; /* admits, but never answers */
    pid_t child;
    struct buf talk, body;
    struct err err;
};

static bool may_connect(void *arg, const char *curve_key)
{
    const struct scene *s = arg;

    return strcmp(curve_key, s->us.public_key) == 0;
}

static void echo(void *arg, const struct listener_peer *peer, struct bytes talk,
    struct bytes body)
{
    struct scene *s = arg;

    if (!s->silent && listener_send(s->listener, peer, talk, body, NULL) != 0)
        _exit(3);
}

static void drained(void *arg)
{
    (void)arg;
}

static void be_hub(struct scene *s, int fd)
{
    const struct listener_options options = {"tcp://127.0.0.1:*",
        s->hub.public_key, s->hub.secret_key, MAX_MESSAGE, 0, 0};
    const struct listener_callbacks callbacks = {
        may_connect, echo, drained, NULL, NULL, s};
    struct loop *loop = NULL;

    if (loop_new(&loop, NULL) != 0 ||
        listener_open(&s->listener, loop, &options, &callbacks, NULL) != 0)
        _exit(1);
    snprintf(
        s->endpoint, sizeof s->endpoint, "%s", listener_endpoint(s->listener));
    if (write(fd, s->endpoint, sizeof s->endpoint) != sizeof s->endpoint ||
        loop_run(loop, NULL) != 0)
        _exit(2);
    _exit(0);
}

static void start_hub(struct scene *s)
{
    int fds[2];

    assert_int_equal(pipe(fds), 0);
    s->child = fork();
    if (s->child == 0)
        be_hub(s, fds[1]);
    assert_int_equal(
        read(fds[0], s->endpoint, sizeof s->endpoint), sizeof s->endpoint);
    close(fds[0]);
    close(fds[1]);
}

static int set_up(void **state)
{
    struct scene *s = calloc(1, sizeof *s);
    struct keys *all[] = {&s->hub, &s->us, &s->stranger};

    assert_non_null(s);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(
            curve_new_pair(all[i]->public_key, all[i]->secret_key, NULL), 0);
    snprintf(s->endpoint, sizeof s->endpoint, "tcp://127.0.0.1:1");
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *s = *state;

    if (s->child > 0) {
        kill(s->child, SIGKILL);
        (void)waitpid(s->child, NULL, 0);
    }
    buf_free(&s->talk);
    buf_free(&s->body);
    free(s);
    return 0;
}

static int ask(struct scene *s, const struct keys *as, int timeout_ms)
{
    const struct link_options options = {s->endpoint, s->hub.public_key,
        as->public_key, as->secret_key, MAX_MESSAGE};

    return caller_ask(&s->talk, &s->body, &options, bytes_of("question"),
        bytes_of("body"), timeout_ms, &s->err);
}

static void test_gets_its_answer(void **state)
{
    struct scene *s = *state;

    start_hub(s);
    assert_int_equal(ask(s, &s->us, PATIENCE_MS), 0);
    assert_int_equal(s->talk.len, strlen("question"));
    assert_memory_equal(s->talk.data, "question", s->talk.len);
    assert_int_equal(s->body.len, strlen("body"));
    assert_memory_equal(s->body.data, "body", s->body.len);
}

static void test_says_that_it_is_refused(void **state)
{
    struct scene *s = *state;

    start_hub(s);
    assert_int_equal(ask(s, &s->stranger, PATIENCE_MS), ERR_DENIED);
    assert_non_null(strstr(s->err.text, "does not admit our key"));
    assert_int_equal(s->talk.len + s->body.len, 0);
}

static void test_says_that_the_server_is_another(void **state)
{
    struct scene *s = *state;

    start_hub(s);
    s->hub = s->stranger;
    assert_int_equal(ask(s, &s->us, PATIENCE_MS), ERR_DENIED);
    assert_non_null(strstr(s->err.text, "key or enrolment wrong"));
}

static void test_says_that_nobody_is_there(void **state)
{
    struct scene *s = *state;

    assert_int_equal(ask(s, &s->us, 300), ERR_NOT_FOUND);
    assert_non_null(strstr(s->err.text, "cannot reach the hub"));
}

static void test_says_that_no_answer_came(void **state)
{
    struct scene *s = *state;

    s->silent = true;
    start_hub(s);
    assert_int_equal(ask(s, &s->us, 500), ERR_BUSY);
    assert_string_equal(
        s->err.text, "connected to the hub, but it did not answer in time");
}

/* Something accepts connections and never says a word. */
static void test_says_that_no_handshake_came(void **state)
{
    struct scene *s = *state;
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 8), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    snprintf(s->endpoint, sizeof s->endpoint, "tcp://127.0.0.1:%u",
        ntohs(at.sin_port));
    assert_int_equal(ask(s, &s->us, 300), ERR_NOT_FOUND);
    assert_string_equal(s->err.text, "no connection to the hub");
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_gets_its_answer),
        TEST(test_says_that_it_is_refused),
        TEST(test_says_that_the_server_is_another),
        TEST(test_says_that_nobody_is_there),
        TEST(test_says_that_no_answer_came),
        TEST(test_says_that_no_handshake_came),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
