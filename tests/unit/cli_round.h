/* cli_round - the real command line against the real agents, in one process.
 *
 * A round of schools (round.h), each with its socket; a thread answers there,
 * so that a test types a command as a person would and reads what is printed.
 * The thread works only while a command runs: between commands the schools are
 * the test's own.
 */
#ifndef TEST_CLI_ROUND_H
#define TEST_CLI_ROUND_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agentd/post.h"
#include "agentd/progress.h"
#include "agentd/requests.h"
#include "agentd/waits.h"
#include "base/err.h"
#include "base/mem.h"
#include "cli/run.h"
#include "pump.h"
#include "round.h"

#define CLI_MOST_WORDS 24

/* Thousands of commands, each with its commit: this program need not survive a
 * power cut, so nothing waits for the disk. */
int fsync(int fd)
{
    (void)fd;
    return 0;
}

int fdatasync(int fd)
{
    (void)fd;
    return 0;
}

struct cli_round;

/* What one school's socket calls: the agent's own callbacks, one at a time. */
struct cli_school {
    struct cli_round *world;
    struct control_callbacks real;
    struct control_server *server;
    char path[64];
};

struct cli_round {
    struct round *round;
    struct cli_school schools[CLUSTER_SCHOOLS];
    struct pump pump;
    pthread_t thread;
    pthread_mutex_t lock; /* held by whoever uses the schools */
    int bell[2];          /* written to: the thread ends */
    char dir[32];
    FILE *log; /* what the agents log */
    char *out;
    char *err;
    size_t out_len, err_len;
    int code;
};

static inline void cli_on_request(void *arg, struct control_client *client,
    const struct control_request *request, const struct control_peer *peer,
    int file)
{
    struct cli_school *school = arg;

    pthread_mutex_lock(&school->world->lock);
    school->real.on_request(school->real.arg, client, request, peer, file);
    pthread_mutex_unlock(&school->world->lock);
}

static inline void cli_on_gone(void *arg, struct control_client *client)
{
    (void)arg; /* nobody waits for anything here */
    (void)client;
}

static inline void cli_on_bell(void *arg, int events)
{
    (void)arg;
    (void)events;
    pthread_exit(NULL);
}

static inline void *cli_answer(void *arg)
{
    pump_run(arg, -1);
    return NULL;
}

static inline void cli_listen(
    struct cli_round *world, size_t i, const struct control_loop *loop)
{
    struct cli_school *school = &world->schools[i];
    struct agent *agent = &world->round->cluster.schools[i];

    school->world = world;
    school->real = requests_callbacks(agent);
    agent->log.fd = fileno(world->log);
    /* as main.c would start it; there is no hub, and the loop never runs */
    assert_int_equal(loop_new(&agent->loop, NULL), 0);
    agent->waits = waits_new(agent);
    agent->sender = sender_new(agent);
    agent->post = post_new(agent);
    snprintf(school->path, sizeof school->path, "%s/%zu.sock", world->dir, i);
    assert_int_equal(
        control_listen(&school->server, school->path, loop,
            &(struct control_callbacks){cli_on_request, cli_on_gone, school},
            NULL),
        0);
}

/* From now on it is this moment in England, while the test runs. */
static inline void cli_set_time(int64_t ms)
{
    char shift[24];

    unsetenv("MOVEUP_FAKE_TIME");
    snprintf(shift, sizeof shift, "%lld",
        (long long)((ms - clock_wall().ms) / 1000 + 1));
    setenv("MOVEUP_FAKE_TIME", shift, 1);
}

static inline int cli_begin(void **state)
{
    struct cli_round *world = mem_alloc(sizeof *world);
    const struct control_loop loop = pump_init(&world->pump);
    void *round;

    round_begin(&round);
    world->round = round;
    world->log = tmpfile();
    pthread_mutex_init(&world->lock, NULL);
    pthread_mutex_lock(&world->lock);
    snprintf(world->dir, sizeof world->dir, "/tmp/moveup-cli-XXXXXX");
    assert_non_null(mkdtemp(world->dir));
    for (size_t i = 0; i < CLUSTER_SCHOOLS; i++)
        cli_listen(world, i, &loop);
    assert_int_equal(pipe(world->bell), 0);
    loop.watch(loop.loop, world->bell[0], false, cli_on_bell, world);
    assert_int_equal(
        pthread_create(&world->thread, NULL, cli_answer, &world->pump), 0);
    *state = world;
    return 0;
}

static inline int cli_end(void **state)
{
    struct cli_round *world = *state;
    void *round = world->round;

    pthread_mutex_unlock(&world->lock);
    assert_int_equal(write(world->bell[1], "", 1), 1);
    pthread_join(world->thread, NULL);
    for (size_t i = 0; i < CLUSTER_SCHOOLS; i++) {
        struct agent *agent = &world->round->cluster.schools[i];

        control_close(world->schools[i].server);
        sender_free(agent->sender);
        post_free(agent->post);
        waits_free(agent->waits);
        loop_free(agent->loop);
    }
    rmdir(world->dir);
    round_end(&round);
    fclose(world->log);
    close(world->bell[0]);
    close(world->bell[1]);
    pthread_mutex_destroy(&world->lock);
    free(world->out);
    free(world->err);
    free(world);
    return 0;
}

/* Type a command at a school: its words, NULL after the last.  What it printed
 * is in world->out and world->err. */
static inline void cli_type(
    struct cli_round *world, const struct agent *at, const char *const *words)
{
    char *argv[CLI_MOST_WORDS + 2] = {mem_text("moveup")};
    int argc = 1;
    FILE *out;
    FILE *err;

    setenv("MOVEUP_SOCKET",
        world->schools[at - world->round->cluster.schools].path, 1);
    for (; words[argc - 1] != NULL; argc++) {
        assert_in_range(argc, 1, CLI_MOST_WORDS);
        argv[argc] = mem_text(words[argc - 1]);
    }
    free(world->out);
    free(world->err);
    out = open_memstream(&world->out, &world->out_len);
    err = open_memstream(&world->err, &world->err_len);
    pthread_mutex_unlock(&world->lock);
    world->code = run_main(argc, argv, out, err);
    pthread_mutex_lock(&world->lock);
    fclose(out);
    fclose(err);
    for (int i = 0; i < argc; i++)
        free(argv[i]);
}

#define CLI_TYPE(world, at, ...)                                               \
    cli_type(world, at, (const char *const[]){__VA_ARGS__, NULL})

/* Everything there and back; what was carried is kept until the next time. */
static inline void cli_exchange(struct cli_round *world)
{
    struct round *r = world->round;

    for (size_t i = 0; i < r->kept_count; i++)
        cluster_letter_free(&r->kept[i]);
    r->kept_count = 0;
    for (size_t i = 0; i < CLUSTER_SCHOOLS; i++) {
        struct agent *agent = &r->cluster.schools[i];

        assert_int_equal(db_begin(agent->db, NULL), 0);
        assert_true(progress_tell(agent, NULL) >= 0);
        round_commit(agent);
    }
    round_exchange(r);
}

#define CLI_CASE(test) cmocka_unit_test_setup_teardown(test, cli_begin, cli_end)

#endif
