/* What the server does with each kind of client. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "control_world.h"

static void test_answers_a_request_that_comes_byte_by_byte(void **state)
{
    struct world *world = *state;
    const int fd = connect_to(world);
    const uint8_t header[4] = {0, 0, 0, sizeof GOOD - 1};
    bool closed;
    json_t *frame;

    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(send(fd, header + i, 1, 0), 1);
        settle(world, 1);
    }
    for (size_t i = 0; i < sizeof GOOD - 1; i++) {
        assert_int_equal(world->requests, 0);
        assert_int_equal(send(fd, &GOOD[i], 1, 0), 1);
        settle(world, 1);
    }
    frame = last_frame(world, fd, &closed);
    assert_non_null(json_object_get(frame, "result"));
    assert_string_equal(world->command, "status");
    assert_string_equal(world->as, "");
    assert_int_equal(world->peer.uid, getuid());
    assert_int_equal(world->peer.pid, getpid());
    json_decref(frame);
    close(fd);
}

static void test_refuses_bytes_that_are_no_request(void **state)
{
    static const struct {
        const char *json;
        const char *code;
    } cases[] = {
        {"hello", "malformed"},
        {"[1,2]", "malformed"},
        {"\"text\"", "malformed"},
        {"{\"command\":\"status\"}", "malformed"},
        {"{\"version\":\"1\",\"command\":\"status\"}", "malformed"},
        {"{\"version\":2,\"command\":\"status\"}", "state"},
        {"{\"version\":1}", "malformed"},
        {"{\"version\":1,\"command\":\"\"}", "malformed"},
        {"{\"version\":1,\"command\":7}", "malformed"},
        {"{\"version\":1,\"command\":\"a\\u001bb\"}", "malformed"},
        {"{\"version\":1,\"command\":\"status\",\"args\":[]}", "malformed"},
        {"{\"version\":1,\"command\":\"status\",\"as\":1}", "malformed"},
        {"{\"version\":1,\"version\":1,\"command\":\"status\"}", "malformed"},
        {"{\"version\":1,\"command\":\"status\"} x", "malformed"},
        {"{\"version\":1,\"command\":\"\xff\"}", "malformed"},
        /* the version is looked at before the command */
        {"{\"version\":3,\"command\":7}", "state"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const int fd = connect_to(*state);

        say(fd, cases[i].json);
        assert_refused(*state, fd, cases[i].code);
    }
    assert_still_serves(*state);
}

/* A request whose deepest bracket is at this depth. */
static void say_nested(int fd, size_t depth)
{
    const size_t arrays = depth - 2; /* the request and its args */
    char json[200];
    size_t len = (size_t)snprintf(json, sizeof json,
        "{\"version\":1,\"command\":\"s\",\"args\":{\"a \\\" [\":");

    memset(json + len, '[', arrays);
    memset(json + len + arrays, ']', arrays);
    len += 2 * arrays;
    memcpy(json + len, "}}", 3);
    say(fd, json);
}

static void test_refuses_nesting_over_the_limit(void **state)
{
    struct world *world = *state;
    int fd = connect_to(world);
    bool closed;
    json_t *frame;

    say_nested(fd, CONTROL_MAX_DEPTH + 1);
    assert_refused(world, fd, "malformed");
    fd = connect_to(world);
    world->answers_at_once = false; /* the echo would be deeper still */
    say_nested(fd, CONTROL_MAX_DEPTH);
    settle(world, 5);
    assert_int_equal(world->requests, 1);
    control_answer(world->waiting, json_object());
    frame = last_frame(world, fd, &closed);
    assert_non_null(json_object_get(frame, "result"));
    json_decref(frame);
    close(fd);
}

static void test_refuses_a_length_over_the_limit_or_zero(void **state)
{
    static const uint8_t headers[][4] = {
        {0xff, 0xff, 0xff, 0xff}, {0, 0x10, 0, 1}, {0, 0, 0, 0}};

    for (size_t i = 0; i < 3; i++) {
        const int fd = connect_to(*state);

        assert_int_equal(send(fd, headers[i], 4, 0), 4);
        assert_refused(*state, fd, "too-big");
    }
    assert_still_serves(*state);
}

static void test_refuses_two_requests_on_one_connection(void **state)
{
    const int fd = connect_to(*state);

    say(fd, GOOD);
    say(fd, GOOD);
    assert_refused(*state, fd, "malformed");
    assert_still_serves(*state);
}

static void test_closes_a_client_that_talks_while_it_waits(void **state)
{
    struct world *world = *state;
    const int fd = connect_to(world);
    bool closed;

    world->answers_at_once = false;
    say(fd, GOOD);
    settle(world, 5);
    assert_non_null(world->waiting);
    say(fd, GOOD);
    assert_null(last_frame(world, fd, &closed));
    assert_true(closed);
    assert_int_equal(world->gone, 1);
    close(fd);
}

static void test_tells_when_a_waiting_client_goes_away(void **state)
{
    struct world *world = *state;
    const int fd = connect_to(world);

    world->answers_at_once = false;
    say(fd, GOOD);
    settle(world, 5);
    close(fd);
    settle(world, 5);
    assert_int_equal(world->gone, 1);
    assert_null(world->waiting);
    world->answers_at_once = true;
    assert_still_serves(world);
}

static void test_outlives_a_client_that_leaves_in_mid_request(void **state)
{
    struct world *world = *state;
    const int fd = connect_to(world);

    assert_int_equal(send(fd, "\0\0\1\0half", 8, 0), 8);
    settle(world, 5);
    close(fd);
    settle(world, 5);
    assert_int_equal(world->gone, 0);
    assert_still_serves(world);
}

static void test_closes_a_client_that_sends_no_whole_request(void **state)
{
    struct world *world = *state;
    int silent;
    int slow;
    bool closed;

    control_set_patience(world->server, 300);
    silent = connect_to(world);
    slow = connect_to(world);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(send(slow, "", 1, MSG_NOSIGNAL), 1);
        settle(world, 5);
    }
    settle(world, 500);
    assert_null(last_frame(world, silent, &closed));
    assert_true(closed);
    assert_null(last_frame(world, slow, &closed));
    assert_true(closed);
    close(silent);
    close(slow);
    assert_still_serves(world);
}

static void test_keeps_a_client_that_waits_for_a_slow_answer(void **state)
{
    struct world *world = *state;
    bool closed;
    json_t *frame;
    int fd;

    control_set_patience(world->server, 200);
    world->answers_at_once = false;
    fd = connect_to(world);
    say(fd, GOOD);
    settle(world, 300);
    assert_non_null(world->waiting);
    control_progress(world->waiting, json_pack("{s:i}", "done", 3));
    settle(world, 300);
    assert_non_null(world->waiting);
    control_answer(world->waiting, json_object());
    frame = last_frame(world, fd, &closed);
    assert_non_null(json_object_get(frame, "result"));
    json_decref(frame);
    close(fd);
    assert_int_equal(world->gone, 0);
}

static void test_closes_a_client_that_does_not_read_its_answer(void **state)
{
    struct world *world = *state;
    SCOPED(mem_freep) char *long_text = mem_alloc(4000001);
    int fd;
    char rest[65536];
    size_t got = 0;
    ssize_t n;

    memset(long_text, 'x', 4000000);
    control_set_patience(world->server, 300);
    world->answers_at_once = false;
    fd = connect_to(world);
    say(fd, GOOD);
    settle(world, 5);
    control_answer(world->waiting, json_pack("{s:s}", "long", long_text));
    settle(world, 500);
    while ((n = recv(fd, rest, sizeof rest, MSG_DONTWAIT)) > 0)
        got += (size_t)n;
    assert_int_equal(n, 0);
    assert_true(got < 4000000);
    close(fd);
}

static void test_drops_progress_for_a_client_that_does_not_read(void **state)
{
    struct world *world = *state;
    bool closed;
    json_t *frame;
    int fd;
    SCOPED(mem_freep) char *text = mem_alloc(1001);

    memset(text, 'x', 1000);
    world->answers_at_once = false;
    fd = connect_to(world);
    say(fd, GOOD);
    settle(world, 5);
    for (int i = 0; i < 5000; i++)
        control_progress(
            world->waiting, json_pack("{s:s,s:i}", "text", text, "done", i));
    settle(world, 1);
    control_answer(world->waiting, json_object());
    frame = last_frame(world, fd, &closed);
    for (int i = 0; i < 50 && json_object_get(frame, "result") == NULL; i++) {
        json_decref(frame);
        frame = last_frame(world, fd, &closed);
    }
    assert_non_null(json_object_get(frame, "result"));
    assert_in_range(world->frames, 10, 500);
    json_decref(frame);
    close(fd);
}

static void test_turns_the_sixty_fifth_client_away_with_a_reason(void **state)
{
    struct world *world = *state;
    int fds[CONTROL_MAX_CLIENTS];

    for (size_t i = 0; i < CONTROL_MAX_CLIENTS; i++)
        fds[i] = connect_to(world);
    settle(world, 5);
    assert_refused(world, connect_to(world), "busy");
    for (size_t i = 0; i < CONTROL_MAX_CLIENTS; i++)
        close(fds[i]);
    settle(world, 5);
    assert_still_serves(world);
}

static void test_never_answers_longer_than_the_limit(void **state)
{
    struct world *world = *state;
    const size_t len = CONTROL_MAX_REPLY + 1;
    SCOPED(mem_freep) char *text = mem_alloc(len + 1);
    const int fd = connect_to(world);

    memset(text, 'x', len);
    world->answers_at_once = false;
    say(fd, GOOD);
    settle(world, 5);
    control_answer(world->waiting, json_pack("{s:s}", "long", text));
    world->requests = 0;
    assert_refused(world, fd, "too-big");
}

static void test_makes_the_folder_of_its_socket_and_not_more(void **state)
{
    struct world *world = *state;
    const struct control_callbacks callbacks = {on_request, on_gone, world};
    struct control_server *server = NULL;
    struct err err = {0};
    struct stat st;
    char folder[64], path[80];

    snprintf(folder, sizeof folder, "%s/run", world->dir);
    snprintf(path, sizeof path, "%s/deep/agent.sock", folder);
    assert_int_equal(
        control_listen(&server, path, &world->loop, &callbacks, &err), ERR_IO);
    assert_non_null(strstr(err.text, "--socket PATH"));
    assert_int_equal(stat(folder, &st), -1);

    snprintf(path, sizeof path, "%s/agent.sock", folder);
    assert_int_equal(
        control_listen(&server, path, &world->loop, &callbacks, &err), 0);
    assert_int_equal(stat(folder, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0755);
    control_close(server);
    unlink(path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVED(test_answers_a_request_that_comes_byte_by_byte),
        SERVED(test_refuses_bytes_that_are_no_request),
        SERVED(test_refuses_nesting_over_the_limit),
        SERVED(test_refuses_a_length_over_the_limit_or_zero),
        SERVED(test_refuses_two_requests_on_one_connection),
        SERVED(test_closes_a_client_that_talks_while_it_waits),
        SERVED(test_tells_when_a_waiting_client_goes_away),
        SERVED(test_outlives_a_client_that_leaves_in_mid_request),
        SERVED(test_closes_a_client_that_sends_no_whole_request),
        SERVED(test_keeps_a_client_that_waits_for_a_slow_answer),
        SERVED(test_closes_a_client_that_does_not_read_its_answer),
        SERVED(test_drops_progress_for_a_client_that_does_not_read),
        SERVED(test_turns_the_sixty_fifth_client_away_with_a_reason),
        SERVED(test_never_answers_longer_than_the_limit),
        SERVED(test_makes_the_folder_of_its_socket_and_not_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
