/* control_world - a control server on a real socket, and a client that is
 * driven byte by byte in the same thread. */
#ifndef TEST_CONTROL_WORLD_H
#define TEST_CONTROL_WORLD_H

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "control/frame.h"
#include "pump.h"

struct world {
    char dir[32];
    char path[64];
    struct pump pump;
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

static inline void settle(struct world *world, int quiet_ms)
{
    pump_run(&world->pump, quiet_ms);
}

static inline void on_request(void *arg, struct control_client *client,
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

static inline void on_gone(void *arg, struct control_client *client)
{
    struct world *world = arg;

    assert_ptr_equal(client, world->waiting);
    world->waiting = NULL;
    world->gone++;
}

static inline int start(void **state)
{
    struct world *world = mem_alloc(sizeof *world);
    struct err err = {0};

    snprintf(world->dir, sizeof world->dir, "/tmp/control-XXXXXX");
    assert_non_null(mkdtemp(world->dir));
    snprintf(world->path, sizeof world->path, "%s/agent.sock", world->dir);
    world->loop = pump_init(&world->pump);
    world->answers_at_once = true;
    assert_int_equal(
        control_listen(&world->server, world->path, &world->loop,
            &(struct control_callbacks){on_request, on_gone, world}, &err),
        0);
    *state = world;
    return 0;
}

static inline int stop(void **state)
{
    struct world *world = *state;

    control_close(world->server);
    assert_int_not_equal(access(world->path, F_OK), 0);
    rmdir(world->dir);
    free(world);
    return 0;
}

/* The clients */

static inline int connect_to(const struct world *world)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(to.sun_path, sizeof to.sun_path, "%s", world->path);
    assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static inline void say(int fd, const char *json)
{
    const size_t len = strlen(json);
    const uint8_t header[4] = {(uint8_t)(len >> 24), (uint8_t)(len >> 16),
        (uint8_t)(len >> 8), (uint8_t)len};

    assert_int_equal(send(fd, header, 4, MSG_NOSIGNAL), 4);
    assert_int_equal(send(fd, json, len, MSG_NOSIGNAL), (ssize_t)len);
}

/* Everything that came, frame by frame; the last frame, or NULL for none. */
static inline json_t *last_frame(struct world *world, int fd, bool *closed)
{
    json_t *frame = NULL;

    settle(world, 10);
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
static inline void assert_refused(struct world *world, int fd, const char *code)
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

static inline void assert_still_serves(struct world *world)
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

#define SERVED(test) cmocka_unit_test_setup_teardown(test, start, stop)

#endif
