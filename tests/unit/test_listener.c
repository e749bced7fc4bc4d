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

struct keys {
    char public_key[CURVE_TEXT_SIZE], secret_key[CURVE_TEXT_SIZE];
};

struct scene {
    struct loop *loop;
    struct keys hub, known, revoked;
    struct listener *listener;
    struct link *link;
    struct loop_timer *timer;
    bool everybody; /* may connect */
    enum link_state want;
    bool seen;
    int messages, batches, biggest, in_batch;
    int stop_at;
    struct listener_peer peer;
    struct bytes kept[8]; /* borrowed until the batch ends */
    char said[256];       /* the newest event */
    int events;
};

static bool may_connect(void *arg, const char *curve_key)
{
    const struct scene *s = arg;

    return s->everybody || strcmp(curve_key, s->known.public_key) == 0;
}

static void on_message(void *arg, const struct listener_peer *peer,
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

static void on_drained(void *arg)
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

static void on_event(void *arg, const char *sentence)
{
    struct scene *s = arg;

    s->events++;
    snprintf(s->said, sizeof s->said, "%s", sentence);
}

static int open_listener(struct scene *s, struct err *err)
{
    const struct listener_options options = {
        "tcp://127.0.0.1:*", s->hub.public_key, s->hub.secret_key, MAX_MESSAGE};
    const struct listener_callbacks callbacks = {
        may_connect, on_message, on_drained, on_event, s};

    return listener_open(&s->listener, s->loop, &options, &callbacks, err);
}

static void on_state(void *arg, enum link_state state, const char *sentence)
{
    struct scene *s = arg;

    (void)sentence;
    if (state == s->want) {
        s->seen = true;
        loop_stop(s->loop);
    }
}

static void ignore(void *arg, struct bytes talk, struct bytes body)
{
    (void)arg;
    (void)talk;
    (void)body;
}

static void connect_as(struct scene *s, const struct keys *keys)
{
    const struct link_options options = {listener_endpoint(s->listener),
        s->hub.public_key, keys->public_key, keys->secret_key, MAX_MESSAGE};
    const struct link_callbacks callbacks = {on_state, ignore, NULL, s};

    assert_int_equal(
        link_open(&s->link, s->loop, &options, &callbacks, NULL), 0);
}

static void give_up(void *arg)
{
    loop_stop(((struct scene *)arg)->loop);
}

static bool run_for(struct scene *s, int ms)
{
    s->seen = false;
    loop_timer_set(s->timer, (mono){clock_mono().ms + ms});
    assert_int_equal(loop_run(s->loop, NULL), 0);
    return s->seen;
}

static void expect(struct scene *s, enum link_state want)
{
    s->want = want;
    assert_true(run_for(s, PATIENCE_MS));
}

static void expect_messages(struct scene *s, int count)
{
    s->stop_at = count;
    assert_true(run_for(s, PATIENCE_MS));
    assert_int_equal(s->messages, count);
}

static int set_up(void **state)
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

static int tear_down(void **state)
{
    struct scene *s = *state;

    link_close(s->link);
    listener_close(s->listener);
    loop_free(s->loop);
    free(s);
    return 0;
}

static void test_will_not_open_when_a_stranger_is_let_in(void **state)
{
    struct scene *s = *state;
    struct err err;

    s->everybody = true;
    assert_int_equal(open_listener(s, &err), ERR_CRYPTO);
    assert_string_equal(
        err.text, "self-test: a connection with an unknown key was let in");
    assert_null(s->listener);
}

static void test_its_own_test_is_no_event(void **state)
{
    struct scene *s = *state;

    assert_int_equal(open_listener(s, NULL), 0);
    (void)run_for(s, 50);
    assert_int_equal(s->events, 0);
}

static void test_refuses_an_unknown_key_and_says_so_once(void **state)
{
    struct scene *s = *state;

    assert_int_equal(open_listener(s, NULL), 0);
    connect_as(s, &s->revoked);
    expect(s, LINK_REFUSED);
    link_close(s->link);
    connect_as(s, &s->revoked);
    expect(s, LINK_REFUSED);
    assert_int_equal(s->events, 1);
    assert_string_equal(
        s->said, "refused a connection: its key is not in the directory");
}

static void test_names_the_key_of_each_message(void **state)
{
    struct scene *s = *state;

    assert_int_equal(open_listener(s, NULL), 0);
    connect_as(s, &s->known);
    expect(s, LINK_UP);
    for (int i = 0; i < 3; i++)
        assert_int_equal(
            link_send(s->link, bytes_of("talk"), bytes_of("body"), NULL), 0);
    expect_messages(s, 3);
    assert_string_equal(s->peer.curve_key, s->known.public_key);
    assert_true(listener_same_peer(&s->peer, &s->peer));
}

static void test_hands_over_batches_of_64_at_most(void **state)
{
    struct scene *s = *state;

    assert_int_equal(open_listener(s, NULL), 0);
    connect_as(s, &s->known);
    expect(s, LINK_UP);
    for (int i = 0; i < CROWD; i++)
        assert_int_equal(
            link_send(s->link, bytes_of("talk"), (struct bytes){0}, NULL), 0);
    expect_messages(s, CROWD);
    assert_in_range(s->biggest, 1, 64);
    assert_true(s->batches >= CROWD / 64);
}

static void test_tells_a_peer_that_is_gone(void **state)
{
    struct scene *s = *state;
    int rc = 0;

    assert_int_equal(open_listener(s, NULL), 0);
    connect_as(s, &s->known);
    expect(s, LINK_UP);
    assert_int_equal(
        link_send(s->link, bytes_of("talk"), (struct bytes){0}, NULL), 0);
    expect_messages(s, 1);
    link_close(s->link);
    s->link = NULL;
    for (int i = 0; i < 100 && rc == 0; i++) {
        (void)run_for(s, 20);
        rc = listener_send(
            s->listener, &s->peer, bytes_of("talk"), (struct bytes){0}, NULL);
    }
    assert_int_equal(rc, ERR_NOT_FOUND);
}

static int connect_raw(const struct scene *s)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const char *port = strrchr(listener_endpoint(s->listener), ':') + 1;
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    at.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static bool is_cut(struct scene *s, int fd)
{
    for (int i = 0; i < 100; i++) {
        struct pollfd readable = {fd, POLLIN, 0};
        char bytes[256];

        (void)run_for(s, 20);
        while (poll(&readable, 1, 0) == 1) {
            if (read(fd, bytes, sizeof bytes) <= 0)
                return true;
        }
    }
    return false;
}

/* Greeting of ZMTP 3.1 with the NULL mechanism, then its READY command. */
static void test_cuts_a_client_without_curve(void **state)
{
    static const uint8_t hello[64] = {
        0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1, 'N', 'U', 'L', 'L'};
    static const uint8_t ready[] = {4, 6, 5, 'R', 'E', 'A', 'D', 'Y'};
    struct scene *s = *state;
    int fd;

    assert_int_equal(open_listener(s, NULL), 0);
    fd = connect_raw(s);
    assert_int_equal(write(fd, hello, sizeof hello), sizeof hello);
    assert_int_equal(write(fd, ready, sizeof ready), sizeof ready);
    assert_true(is_cut(s, fd));
    assert_int_equal(s->messages, 0);
    close(fd);
}

static void test_garbage_kills_nothing(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
    } garbage[] = {{"GET / HTTP/1.1\r\n\r\n", 18}, {"", 0}, {"\xff", 1},
        {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f\xff", 11},
        {"\xff\0\0\0\0\0\0\0\1\x7f\3\1CURVE garbage garbage", 32}};
    struct scene *s = *state;

    assert_int_equal(open_listener(s, NULL), 0);
    for (int round = 0; round < 5; round++)
        for (size_t i = 0; i < sizeof garbage / sizeof garbage[0]; i++) {
            const int fd = connect_raw(s);

            assert_int_equal(
                write(fd, garbage[i].bytes, garbage[i].len), garbage[i].len);
            close(fd);
        }
    (void)run_for(s, 100);
    connect_as(s, &s->known);
    expect(s, LINK_UP);
}

static void test_says_that_an_address_is_in_use(void **state)
{
    struct scene *s = *state;
    struct listener *second = NULL;
    struct listener_options options = {
        NULL, s->hub.public_key, s->hub.secret_key, MAX_MESSAGE};
    const struct listener_callbacks callbacks = {
        may_connect, on_message, on_drained, on_event, s};
    struct err err;

    assert_int_equal(open_listener(s, NULL), 0);
    options.endpoint = listener_endpoint(s->listener);
    assert_int_equal(
        listener_open(&second, s->loop, &options, &callbacks, &err), ERR_IO);
    assert_non_null(strstr(err.text, "Address already in use"));
    assert_null(second);
}

static void limit_descriptors(rlim_t count, struct rlimit *before)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_NOFILE, before), 0);
    limit = *before;
    limit.rlim_cur = count;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static void test_raises_the_limit_of_descriptors(void **state)
{
    struct scene *s = *state;
    struct rlimit before, now;

    limit_descriptors(100, &before);
    assert_int_equal(open_listener(s, NULL), 0);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &now), 0);
    assert_int_equal(now.rlim_cur, before.rlim_max);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

static int64_t cpu_ms(void)
{
    struct rusage use;

    getrusage(RUSAGE_SELF, &use);
    return (use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000 +
           (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1000;
}

/* The hard limit is lowered in a child, which cannot raise it again. */
static void crowd_in(struct scene *s)
{
    const struct rlimit few = {CROWD, CROWD};
    int64_t before;

    if (setrlimit(RLIMIT_NOFILE, &few) != 0 || open_listener(s, NULL) != 0)
        _exit(2);
    connect_as(s, &s->known);
    expect(s, LINK_UP);
    for (int pair = 0; pair < CROWD / 2 - 10; pair++)
        (void)connect_raw(s);
    (void)run_for(s, 200);
    before = cpu_ms();
    (void)run_for(s, 500);
    if (cpu_ms() - before > 250)
        _exit(3); /* the accept loop burns */
    if (strstr(s->said, "no room for more connections") == NULL)
        _exit(4);
    if (link_send(s->link, bytes_of("talk"), (struct bytes){0}, NULL) != 0)
        _exit(5);
    expect_messages(s, 1); /* who is in is served */
    _exit(0);
}

static void test_stays_calm_at_the_limit_of_descriptors(void **state)
{
    const pid_t child = fork();
    int status = -1;

    if (child == 0)
        crowd_in(*state);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_will_not_open_when_a_stranger_is_let_in),
        TEST(test_its_own_test_is_no_event),
        TEST(test_refuses_an_unknown_key_and_says_so_once),
        TEST(test_names_the_key_of_each_message),
        TEST(test_hands_over_batches_of_64_at_most),
        TEST(test_tells_a_peer_that_is_gone),
        TEST(test_cuts_a_client_without_curve),
        TEST(test_garbage_kills_nothing),
        TEST(test_says_that_an_address_is_in_use),
        TEST(test_raises_the_limit_of_descriptors),
        TEST(test_stays_calm_at_the_limit_of_descriptors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
