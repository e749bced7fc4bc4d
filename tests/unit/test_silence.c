/* A listener that many connect to, or that are silent. */
#include "listener_scene.h"

static void test_cuts_who_says_nothing(void **state)
{
    struct scene *s = *state;

    s->silence_ms = 200;
    assert_int_equal(open_listener(s, NULL), 0);
    connect_as(s, &s->known);
    expect(s, LINK_UP);
    s->want = LINK_CONNECTING;
    assert_true(run_for(s, PATIENCE_MS));
    assert_string_equal(s->said, "cut a connection that had said nothing");
    assert_int_equal(listener_counts(s->listener).silent, 1);
}

static void test_leaves_who_has_spoken_in_peace(void **state)
{
    struct scene *s = *state;

    s->silence_ms = 200;
    assert_int_equal(open_listener(s, NULL), 0);
    connect_as(s, &s->known);
    expect(s, LINK_UP);
    assert_int_equal(
        link_send(s->link, bytes_of("talk"), (struct bytes){NULL, 0}, NULL), 0);
    s->want = LINK_CONNECTING;
    assert_false(run_for(s, 1000));
    assert_int_equal(s->events, 0);
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
        TEST(test_cuts_who_says_nothing),
        TEST(test_leaves_who_has_spoken_in_peace),
        TEST(test_raises_the_limit_of_descriptors),
        TEST(test_stays_calm_at_the_limit_of_descriptors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
