/* The server on a real socket, its clients in the same thread, byte by byte;
 * and both halves together, the client in a thread of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "control/control.h"
#include "control/frame.h"

#define MOST_WATCHES 200

struct watch {
    struct world *world;
    int fd; /* -1: free */
    bool write;
    void (*on_ready)(void *arg, int events);
    void *arg;
};

struct world {
    char dir[32];
    char path[64];
    struct watch watches[MOST_WATCHES];
    struct control_loop loop;
    struct control_server *server;
    bool answers_at_once;
    struct control_client *waiting;
    int requests;
    int gone;
    int frames; /* read by last_frame() */
    struct control_peer peer;
    char command[65];
    char as[65];
    char file_text[32]; /* read from the descriptor that came along */
};

static void *watch_fd(void *loop, int fd, bool write,
    void (*on_ready)(void *arg, int events), void *arg)
{
    struct world *world = loop;

    for (size_t i = 0; i < MOST_WATCHES; i++)
        if (world->watches[i].fd < 0) {
            world->watches[i] = (struct watch){world, fd, write, on_ready, arg};
            return &world->watches[i];
        }
    fail_msg("too many watches");
    return NULL;
}

static void rewatch(void *watch, bool write)
{
    ((struct watch *)watch)->write = write;
}

static void unwatch(void *watch)
{
    ((struct watch *)watch)->fd = -1;
}

/* Let the server work until nothing has happened for quiet_ms. */
static void pump(struct world *world, int quiet_ms)
{
    for (;;) {
        struct pollfd fds[MOST_WATCHES];

        for (size_t i = 0; i < MOST_WATCHES; i++)
            fds[i] = (struct pollfd){world->watches[i].fd,
                (short)(POLLIN | (world->watches[i].write ? POLLOUT : 0)), 0};
        if (poll(fds, MOST_WATCHES, quiet_ms) <= 0)
            return;
        for (size_t i = 0; i < MOST_WATCHES; i++) {
            struct watch *watch = &world->watches[i];

            if (fds[i].revents != 0 && watch->fd == fds[i].fd)
                watch->on_ready(watch->arg, fds[i].revents);
        }
    }
}

static void on_request(void *arg, struct control_client *client,
    const struct control_request *request, const struct control_peer *peer,
    int file)
{
    struct world *world = arg;

    world->requests++;
    world->peer = *peer;
    snprintf(world->command, sizeof world->command, "%s", request->command);
    snprintf(world->as, sizeof world->as, "%s", request->as);
    if (file >= 0) {
        const ssize_t got =
            read(file, world->file_text, sizeof world->file_text - 1);

        world->file_text[got < 0 ? 0 : got] = '\0';
    }
    if (world->answers_at_once)
        control_answer(client, json_pack("{s:O}", "echo", request->args));
    else
        world->waiting = client;
}

static void on_gone(void *arg, struct control_client *client)
{
    struct world *world = arg;

    assert_ptr_equal(client, world->waiting);
    world->waiting = NULL;
    world->gone++;
}

static int start(void **state)
{
    struct world *world = mem_alloc(sizeof *world);
    struct err err = {0};

    snprintf(world->dir, sizeof world->dir, "/tmp/control-XXXXXX");
    assert_non_null(mkdtemp(world->dir));
    snprintf(world->path, sizeof world->path, "%s/agent.sock", world->dir);
    for (size_t i = 0; i < MOST_WATCHES; i++)
        world->watches[i].fd = -1;
    world->loop = (struct control_loop){watch_fd, rewatch, unwatch, world};
    world->answers_at_once = true;
    assert_int_equal(
        control_listen(&world->server, world->path, &world->loop,
            &(struct control_callbacks){on_request, on_gone, world}, &err),
        0);
    *state = world;
    return 0;
}

static int stop(void **state)
{
    struct world *world = *state;

    control_close(world->server);
    assert_int_not_equal(access(world->path, F_OK), 0);
    rmdir(world->dir);
    free(world);
    return 0;
}

/* The clients */

static int connect_to(const struct world *world)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(to.sun_path, sizeof to.sun_path, "%s", world->path);
    assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static void say(int fd, const char *json)
{
    const size_t len = strlen(json);
    const uint8_t header[4] = {(uint8_t)(len >> 24), (uint8_t)(len >> 16),
        (uint8_t)(len >> 8), (uint8_t)len};

    assert_int_equal(send(fd, header, 4, MSG_NOSIGNAL), 4);
    assert_int_equal(send(fd, json, len, MSG_NOSIGNAL), (ssize_t)len);
}

/* Everything that came, frame by frame; the last frame, or NULL for none. */
static json_t *last_frame(struct world *world, int fd, bool *closed)
{
    json_t *frame = NULL;

    pump(world, 10);
    *closed = false;
    for (;;) {
        uint8_t header[4];
        SCOPED(buf_free) struct buf body = BUF_EMPTY;
        const ssize_t got = recv(fd, header, 4, MSG_DONTWAIT);

        if (got <= 0) {
            *closed = got == 0 || errno != EAGAIN;
            return frame;
        }
        json_decref(frame);
        world->frames++;
        assert_int_equal(recv(fd, buf_reserve(&body, frame_length(header)),
                             frame_length(header), MSG_WAITALL),
            (ssize_t)frame_length(header));
        body.len = frame_length(header);
        assert_int_equal(frame_parse(&frame, buf_bytes(&body), NULL), 0);
    }
}

/* The word of the error that the server answers, and then it must close. */
static void assert_refused(struct world *world, int fd, const char *code)
{
    bool closed;
    json_t *frame = last_frame(world, fd, &closed);
    const json_t *error = json_object_get(frame, "error");

    assert_non_null(frame);
    assert_string_equal(
        json_string_value(json_object_get(error, "code")), code);
    assert_true(json_string_length(json_object_get(error, "text")) > 0);
    assert_true(closed);
    assert_int_equal(world->requests, 0);
    json_decref(frame);
    close(fd);
}

#define GOOD "{\"version\":1,\"command\":\"status\",\"args\":{\"a\":1}}"

static void assert_still_serves(struct world *world)
{
    const int fd = connect_to(world);
    bool closed;
    json_t *frame;

    say(fd, GOOD);
    frame = last_frame(world, fd, &closed);
    assert_int_equal(
        json_integer_value(json_object_get(
            json_object_get(json_object_get(frame, "result"), "echo"), "a")),
        1);
    assert_true(closed);
    json_decref(frame);
    close(fd);
}

/* The tests */

static void test_answers_a_request_that_comes_byte_by_byte(void **state)
{
    struct world *world = *state;
    const int fd = connect_to(world);
    const uint8_t header[4] = {0, 0, 0, sizeof GOOD - 1};
    bool closed;
    json_t *frame;

    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(send(fd, header + i, 1, 0), 1);
        pump(world, 1);
    }
    for (size_t i = 0; i < sizeof GOOD - 1; i++) {
        assert_int_equal(world->requests, 0);
        assert_int_equal(send(fd, &GOOD[i], 1, 0), 1);
        pump(world, 1);
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
    pump(world, 5);
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
    pump(world, 5);
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
    pump(world, 5);
    close(fd);
    pump(world, 5);
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
    pump(world, 5);
    close(fd);
    pump(world, 5);
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
        pump(world, 5);
    }
    pump(world, 500);
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
    pump(world, 300);
    assert_non_null(world->waiting);
    control_progress(world->waiting, json_pack("{s:i}", "done", 3));
    pump(world, 300);
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
    pump(world, 5);
    control_answer(world->waiting, json_pack("{s:s}", "long", long_text));
    pump(world, 500);
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
    pump(world, 5);
    for (int i = 0; i < 5000; i++)
        control_progress(
            world->waiting, json_pack("{s:s,s:i}", "text", text, "done", i));
    pump(world, 1);
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
    pump(world, 5);
    assert_refused(world, connect_to(world), "busy");
    for (size_t i = 0; i < CONTROL_MAX_CLIENTS; i++)
        close(fds[i]);
    pump(world, 5);
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
    pump(world, 5);
    control_answer(world->waiting, json_pack("{s:s}", "long", text));
    world->requests = 0;
    assert_refused(world, fd, "too-big");
}

static void test_keeps_only_the_first_of_many_descriptors(void **state)
{
    struct world *world = *state;
    const int fd = connect_to(world);
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(3 * sizeof(int))];
    } control = {.space = {0}};
    char head[4] = {0, 0, 0, sizeof GOOD - 1};
    struct iovec iov = {head, 4};
    struct msghdr message = {.msg_iov = &iov,
        .msg_iovlen = 1,
        .msg_control = control.space,
        .msg_controllen = sizeof control.space};
    int files[3];
    int before;
    bool closed;

    for (size_t i = 0; i < 3; i++) {
        files[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
        assert_true(files[i] >= 0);
    }
    control.header.cmsg_level = SOL_SOCKET;
    control.header.cmsg_type = SCM_RIGHTS;
    control.header.cmsg_len = CMSG_LEN(sizeof files);
    memcpy(CMSG_DATA(&control.header), files, sizeof files);
    pump(world, 5);
    before = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(before);
    assert_int_equal(sendmsg(fd, &message, 0), 4);
    assert_int_equal(send(fd, GOOD, sizeof GOOD - 1, 0), sizeof GOOD - 1);
    json_decref(last_frame(world, fd, &closed));
    assert_true(closed);
    assert_int_equal(world->requests, 1);
    /* All are closed again: the next descriptor has the number it had. */
    for (size_t i = 0; i < 3; i++)
        close(files[i]);
    close(fd);
    files[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_true(files[0] <= before);
    close(files[0]);
}

static void test_is_open_to_its_group_and_to_nobody_else(void **state)
{
    struct world *world = *state;
    struct stat st;

    assert_int_equal(stat(world->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0660);
}

static void test_leaves_a_live_agent_its_socket(void **state)
{
    struct world *world = *state;
    struct control_server *second = NULL;
    struct err err = {0};

    assert_int_equal(
        control_listen(&second, world->path, &world->loop,
            &(struct control_callbacks){on_request, on_gone, world}, &err),
        ERR_EXISTS);
    pump(world, 5);
    assert_still_serves(world);
}

static void test_replaces_a_dead_socket_but_no_other_file(void **state)
{
    struct world *world = *state;
    struct control_server *second = NULL;
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char file[64];
    struct err err = {0};

    snprintf(at.sun_path, sizeof at.sun_path, "%s/dead", world->dir);
    assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof at), 0);
    close(fd);
    assert_int_equal(
        control_listen(&second, at.sun_path, &world->loop,
            &(struct control_callbacks){on_request, on_gone, world}, &err),
        0);
    control_close(second);
    snprintf(file, sizeof file, "%s/file", world->dir);
    close(open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    assert_int_equal(
        control_listen(&second, file, &world->loop,
            &(struct control_callbacks){on_request, on_gone, world}, &err),
        ERR_EXISTS);
    assert_int_equal(unlink(file), 0);
}

/* Both halves */

struct asker {
    const char *path;
    int file;
    int rc;
    struct control_reply reply;
    struct err err;
    int progress;
};

static void count_progress(void *arg, json_t *progress)
{
    struct asker *asker = arg;

    assert_true(json_is_object(progress));
    asker->progress++;
}

static void *ask(void *arg)
{
    struct asker *asker = arg;
    json_t *args = json_pack("{s:s}", "upn", "A123");

    asker->rc = control_ask(&asker->reply, asker->path, "leavers.import", "jl",
        args, asker->file, count_progress, asker, &asker->err);
    json_decref(args);
    return NULL;
}

static void test_passes_a_file_and_gets_progress_and_the_result(void **state)
{
    struct world *world = *state;
    struct asker asker = {.path = world->path};
    char name[64];
    pthread_t thread;

    snprintf(name, sizeof name, "%s/leavers.csv", world->dir);
    asker.file = open(name, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    assert_int_equal(unlink(name), 0);
    assert_int_equal(write(asker.file, "forename", 8), 8);
    assert_int_equal(lseek(asker.file, 0, SEEK_SET), 0);
    world->answers_at_once = false;
    assert_int_equal(pthread_create(&thread, NULL, ask, &asker), 0);
    while (world->waiting == NULL)
        pump(world, 5);
    assert_string_equal(world->command, "leavers.import");
    assert_string_equal(world->as, "jl");
    assert_string_equal(world->file_text, "forename");
    control_progress(world->waiting, json_pack("{s:i}", "done", 1));
    control_progress(world->waiting, json_pack("{s:i}", "done", 2));
    control_answer(world->waiting, json_pack("{s:i}", "accepted", 57));
    pump(world, 20);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(asker.rc, 0);
    assert_int_equal(asker.progress, 2);
    assert_int_equal(
        json_integer_value(json_object_get(asker.reply.result, "accepted")),
        57);
    json_decref(asker.reply.result);
    close(asker.file);
}

static void test_brings_a_refusal_with_its_next_step(void **state)
{
    struct world *world = *state;
    struct asker asker = {.path = world->path, .file = -1};
    pthread_t thread;

    world->answers_at_once = false;
    assert_int_equal(pthread_create(&thread, NULL, ask, &asker), 0);
    while (world->waiting == NULL)
        pump(world, 5);
    control_refuse(world->waiting, control_code(ERR_DENIED),
        "you may\nnot import", "ask the office");
    pump(world, 20);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(asker.rc, 0);
    assert_null(asker.reply.result);
    assert_string_equal(asker.reply.code, "denied");
    assert_string_equal(asker.reply.text, "you may not import");
    assert_string_equal(asker.reply.next, "ask the office");
}

static void test_says_that_the_agent_went_away_in_mid_answer(void **state)
{
    struct world *world = *state;
    struct asker asker = {.path = world->path, .file = -1};
    pthread_t thread;
    struct err err = {0};

    world->answers_at_once = false;
    assert_int_equal(pthread_create(&thread, NULL, ask, &asker), 0);
    while (world->waiting == NULL)
        pump(world, 5);
    control_close(world->server);
    assert_int_equal(world->gone, 1);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(asker.rc, ERR_IO);
    assert_int_equal(
        control_listen(&world->server, world->path, &world->loop,
            &(struct control_callbacks){on_request, on_gone, world}, &err),
        0);
}

static void test_says_that_no_agent_answers(void **state)
{
    struct world *world = *state;
    struct asker asker = {.path = "/nowhere/agent.sock", .file = -1};
    char long_path[200];

    ask(&asker);
    assert_int_equal(asker.rc, ERR_NOT_FOUND);
    memset(long_path, 'a', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    asker.path = long_path;
    ask(&asker);
    assert_int_equal(asker.rc, ERR_USAGE);
    assert_int_equal(world->requests, 0);
}

static void test_has_a_word_for_every_error_code(void **state)
{
    (void)state;
    assert_string_equal(control_code(ERR_DENIED), "denied");
    assert_string_equal(control_code(ERR_CERTIFICATE), "certificate");
    assert_string_equal(control_code(ERR_NOT_FOUND), "not-found");
    assert_string_equal(control_code(-99), "failed");
    assert_string_equal(control_code(0), "failed");
}

#define SERVED(test) cmocka_unit_test_setup_teardown(test, start, stop)

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
        SERVED(test_keeps_only_the_first_of_many_descriptors),
        SERVED(test_is_open_to_its_group_and_to_nobody_else),
        SERVED(test_leaves_a_live_agent_its_socket),
        SERVED(test_replaces_a_dead_socket_but_no_other_file),
        SERVED(test_passes_a_file_and_gets_progress_and_the_result),
        SERVED(test_brings_a_refusal_with_its_next_step),
        SERVED(test_says_that_the_agent_went_away_in_mid_answer),
        SERVED(test_says_that_no_agent_answers),
        cmocka_unit_test(test_has_a_word_for_every_error_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
