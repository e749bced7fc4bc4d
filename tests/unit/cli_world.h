/* cli_world - the whole command line in this process, a fake agent in another.
 */
#ifndef TEST_CLI_WORLD_H
#define TEST_CLI_WORLD_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "cli/run.h"
#include "control/control.h"
#include "pump.h"

#define MOST_WORDS 16
#define NOON INT64_C(1813046400000) /* 2027-06-15T08:00:00Z */

/* The fake agent: answers COMMAND with tests/data/replies/COMMAND.json, and
 * writes what it was asked to DIR/request. */

struct world {
    char dir[32];
    char path[64];
    char request[64];
    pid_t agent;
    struct pump pump;
    struct control_server *server; /* its loop runs in the agent */
    char *out;
    char *err;
    size_t out_len, err_len;
    int code;
};

static inline void on_request(void *arg, struct control_client *client,
    const struct control_request *request, const struct control_peer *peer,
    int file)
{
    struct world *world = arg;
    char name[256];
    json_t *answer;

    (void)peer;
    json_object_set_new(request->json, "with_file", json_boolean(file >= 0));
    json_dump_file(request->json, world->request, JSON_COMPACT);
    snprintf(
        name, sizeof name, "%s/replies/%s.json", TEST_DATA, request->command);
    answer = json_load_file(name, 0, NULL);
    if (strcmp(request->as, "nobody") == 0 || answer == NULL) {
        json_decref(answer);
        control_refuse(client, "denied", "you may not do this",
            "ask somebody with the role office");
        return;
    }
    control_progress(client,
        json_pack("{s:s,s:i,s:i}", "text", "pupils", "done", 3, "total", 0));
    control_answer(client, answer);
}

static inline void on_gone(void *arg, struct control_client *client)
{
    (void)arg;
    (void)client;
}

static inline int start(void **state)
{
    struct world *world = mem_alloc(sizeof *world);
    const struct control_loop loop = pump_init(&world->pump);
    struct err err = {0};
    char shift[24];

    snprintf(world->dir, sizeof world->dir, "/tmp/moveup-cli-XXXXXX");
    assert_non_null(mkdtemp(world->dir));
    snprintf(world->path, sizeof world->path, "%s/agent.sock", world->dir);
    snprintf(world->request, sizeof world->request, "%s/request", world->dir);
    fflush(NULL);
    assert_int_equal(
        control_listen(&world->server, world->path, &loop,
            &(struct control_callbacks){on_request, on_gone, world}, &err),
        0);
    world->agent = fork();
    if (world->agent == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        pump_run(&world->pump, -1);
        _exit(1);
    }
    /* Ages are counted from a morning that does not move. */
    unsetenv("MOVEUP_FAKE_TIME");
    snprintf(shift, sizeof shift, "%lld",
        (long long)((NOON - clock_wall().ms) / 1000 + 1));
    setenv("MOVEUP_FAKE_TIME", shift, 1);
    setenv("MOVEUP_SOCKET", world->path, 1);
    *state = world;
    return 0;
}

static inline int stop(void **state)
{
    struct world *world = *state;

    kill(world->agent, SIGKILL);
    waitpid(world->agent, NULL, 0);
    control_close(world->server);
    unlink(world->request);
    rmdir(world->dir);
    free(world->out);
    free(world->err);
    free(world);
    return 0;
}

/* Run the command line that is written as one text, `+` standing for a space
 * within a word. */
static inline void run(struct world *world, const char *line)
{
    SCOPED(mem_freep) char *copy = mem_format("moveup %s", line);
    char *argv[MOST_WORDS + 1] = {NULL};
    char *rest = copy;
    int argc = 0;
    FILE *out;
    FILE *err;

    while (argc < MOST_WORDS && rest != NULL)
        argv[argc++] = strsep(&rest, " ");
    for (int i = 0; i < argc; i++)
        for (char *c = argv[i]; *c != '\0'; c++)
            *c = *c == '+' ? ' ' : *c;
    free(world->out);
    free(world->err);
    out = open_memstream(&world->out, &world->out_len);
    err = open_memstream(&world->err, &world->err_len);
    world->code = run_main(argc, argv, out, err);
    fclose(out);
    fclose(err);
}

#define AGENT(test) cmocka_unit_test_setup_teardown(test, start, stop)

#endif
