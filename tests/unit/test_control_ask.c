/* The socket itself, and both halves together: the client in a thread of its
 * own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>

#include "control_world.h"

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
    settle(world, 5);
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
    settle(world, 5);
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
        settle(world, 5);
    assert_string_equal(world->command, "leavers.import");
    assert_string_equal(world->as, "jl");
    assert_string_equal(world->file_text, "forename");
    control_progress(world->waiting, json_pack("{s:i}", "done", 1));
    control_progress(world->waiting, json_pack("{s:i}", "done", 2));
    control_answer(world->waiting, json_pack("{s:i}", "accepted", 57));
    settle(world, 20);
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
        settle(world, 5);
    control_refuse(world->waiting, control_code(ERR_DENIED),
        "you may\nnot import", "ask the office");
    settle(world, 20);
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
        settle(world, 5);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
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
