/* What the metrics page answers to whom, on a real loop and socket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/err.h"
#include "metrics/exposition.h"
#include "metrics/scrape.h"
#include "net/loop.h"

struct scene {
    struct loop *loop;
    struct scrape *scrape;
    struct scrape_options options;
    int fd;
    char answer[4096];
    size_t len;
};

static const struct metric ONE = {METRIC_GAUGE, "moveup_one", "", "One"};

static void render(void *arg, const struct exposition *to)
{
    (void)arg;
    exposition_single(to, &ONE, 1);
    exposition_end(to);
}

static int open_scene(void **state)
{
    static struct scene scene;
    struct err err;

    scene = (struct scene){.fd = -1};
    if (loop_new(&scene.loop, &err) < 0)
        return -1;
    scene.options = (struct scrape_options){scene.loop, 0, render, NULL};
    *state = &scene;
    return scrape_open(&scene.scrape, &scene.options, &err);
}

static int close_scene(void **state)
{
    struct scene *scene = *state;

    scrape_close(scene->scrape);
    loop_free(scene->loop);
    return 0;
}

static int connect_to(uint16_t port)
{
    const struct sockaddr_in to = {.sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (connect(fd, (const struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    close(fd);
    return -1;
}

static void on_answer(void *arg, int events)
{
    struct scene *scene = arg;
    const ssize_t n = recv(scene->fd, scene->answer + scene->len,
        sizeof scene->answer - 1 - scene->len, 0);

    (void)events;
    if (n <= 0)
        loop_stop(scene->loop);
    else
        scene->len += (size_t)n;
}

static void on_timeout(void *arg)
{
    fail_msg("no answer; so far: %s", ((struct scene *)arg)->answer);
}

/* Send bytes and run the loop until the other side has closed. */
static const char *ask(struct scene *scene, const char *request)
{
    struct loop_timer *timer = loop_timer_new(scene->loop, on_timeout, scene);
    struct loop_watch *watch;
    struct err err;

    memset(scene->answer, 0, sizeof scene->answer);
    scene->len = 0;
    scene->fd = connect_to(scrape_port(scene->scrape));
    assert_true(scene->fd >= 0);
    assert_int_equal(
        send(scene->fd, request, strlen(request), 0), (ssize_t)strlen(request));
    watch = loop_watch_fd(scene->loop, scene->fd, LOOP_READ, on_answer, scene);
    loop_timer_set(timer, (mono){clock_mono().ms + 20000});
    assert_int_equal(loop_run(scene->loop, &err), 0);
    loop_unwatch(watch);
    loop_timer_free(timer);
    close(scene->fd);
    return scene->answer;
}

static void test_answers_by_what_is_asked(void **state)
{
    static const struct {
        const char *request, *answer;
    } cases[] = {
        {"GET /metrics HTTP/1.1\r\nHost: localhost:9\r\n", "moveup_one 1\n"},
        {"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n", "version=0.0.4"},
        {"GET /metrics HTTP/1.1\r\nHost: localhost\r\n"
         "Accept: application/openmetrics-text;version=1.0.0\r\n",
            "# EOF"},
        {"GET / HTTP/1.1\r\nHost: localhost\r\n", " 404 "},
        {"GET /metrics/x HTTP/1.1\r\nHost: localhost\r\n", " 404 "},
        {"POST /metrics HTTP/1.1\r\nHost: localhost\r\n"
         "Content-Length: 0\r\n",
            " 405 "},
        {"GET /metrics HTTP/1.1\r\nHost: moveup.example\r\n", " 403 "},
        {"GET /metrics HTTP/1.1\r\nHost: localhost.example\r\n", " 403 "},
        {"GET /metrics HTTP/1.0\r\n", " 403 "},
    };
    char request[400];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(request, sizeof request, "%sConnection: close\r\n\r\n",
            cases[i].request);
        if (strstr(ask(*state, request), cases[i].answer) == NULL)
            fail_msg("%s got %s", request, ((struct scene *)*state)->answer);
    }
}

static void test_survives_what_is_no_request(void **state)
{
    static char flood[100001];

    memset(flood, 'x', sizeof flood - 1);
    assert_null(strstr(ask(*state, "\x16\x03\x01 hello\r\n\r\n"), "moveup"));
    assert_null(strstr(ask(*state, flood), "moveup"));
    assert_non_null(
        strstr(ask(*state, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n"
                           "Connection: close\r\n\r\n"),
            "moveup_one 1"));
}

static void test_hangs_up_on_who_says_nothing(void **state)
{
    assert_string_equal(ask(*state, "GET /me"), "");
}

static void test_follows_its_setting(void **state)
{
    struct scene *scene = *state;
    const uint16_t first = scrape_port(scene->scrape);
    struct scrape *other = NULL;
    struct scrape_options taken = scene->options;
    struct err err;
    int fd;

    taken.port = first;
    assert_int_equal(scrape_open(&other, &taken, &err), ERR_IO);
    assert_non_null(strstr(err.text, "[metrics] port"));
    assert_int_equal(scrape_follow(&scene->scrape, &taken, &err), 0);
    fd = connect_to(first);
    assert_true(fd >= 0);
    close(fd);
    taken.port = 0;
    assert_int_equal(scrape_follow(&scene->scrape, &taken, &err), 0);
    assert_null(scene->scrape);
    assert_int_equal(connect_to(first), -1);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_answers_by_what_is_asked),
        TEST(test_survives_what_is_no_request),
        TEST(test_hangs_up_on_who_says_nothing),
        TEST(test_follows_its_setting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
