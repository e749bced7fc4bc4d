/* A listener that many connect to, or that are silent. */
#include "listener_scene.h"

#define MOST 2
#define FULL_SILENCE_MS 2000

/* One of several connections to the scene's listener. */
struct guest {
    struct scene *scene;
    struct link **link; /* in the scene, which closes it */
    unsigned ups, losses;
    bool refused;
};

static void on_guest_state(
    void *arg, enum link_state state, const char *sentence)
{
    struct guest *g = arg;

    (void)sentence;
    g->ups += state == LINK_UP;
    g->losses += state == LINK_CONNECTING;
    g->refused |= state == LINK_REFUSED;
    if (state == LINK_UP)
        loop_stop(g->scene->loop);
}

static void open_guest(
    struct guest *g, struct scene *s, const struct keys *keys)
{
    const struct link_options options = {listener_endpoint(s->listener),
        s->hub.public_key, keys->public_key, keys->secret_key, MAX_MESSAGE};
    const struct link_callbacks callbacks = {on_guest_state, ignore, NULL, g};

    *g = (struct guest){.scene = s, .link = s->more};
    while (*g->link != NULL)
        g->link++;
    assert_int_equal(
        link_open(g->link, s->loop, &options, &callbacks, NULL), 0);
}

static void say(struct guest *g)
{
    assert_int_equal(
        link_send(*g->link, bytes_of("talk"), (struct bytes){NULL, 0}, NULL),
        0);
}

/* Connects, and speaks. */
static void come(struct guest *g, struct scene *s, const struct keys *keys)
{
    open_guest(g, s, keys);
    for (int i = 0; i < 10 && g->ups == 0; i++)
        (void)run_for(s, PATIENCE_MS / 10);
    say(g);
    expect_messages(s, s->messages + 1);
}

/* Who has too many loses the one that was not heard for the longest, and nobody
 * else loses anything. */
static void test_a_member_has_so_many_connections(void **state)
{
    struct scene *s = *state;
    struct guest other, first, second, third;

    s->most = MOST;
    assert_int_equal(open_listener(s, NULL), 0);
    s->everybody = true;
    come(&other, s, &s->revoked);
    come(&first, s, &s->known);
    come(&second, s, &s->known);
    say(&first); /* so the second is the longest unheard */
    expect_messages(s, s->messages + 1);
    come(&third, s, &s->known);
    (void)run_for(s, 1500); /* long enough to come back */
    assert_int_equal(second.losses, 1);
    assert_int_equal(first.losses + third.losses + other.losses, 0);
    assert_int_equal(s->crowded, 1);
    assert_int_equal(listener_counts(s->listener).crowded, 1);
    say(&first);
    say(&third);
    say(&other);
    expect_messages(s, s->messages + 3);
}

/* An agent that comes back while its old connections are still open on our side
 * is served each time. */
static void test_who_comes_back_over_and_over_is_served(void **state)
{
    struct scene *s = *state;
    struct guest old[4];

    s->most = MOST;
    assert_int_equal(open_listener(s, NULL), 0);
    for (size_t i = 0; i < 4; i++)
        come(&old[i], s, &s->known);
    say(&old[3]);
    expect_messages(s, s->messages + 1);
}

static void test_a_member_may_knock_so_often_a_minute(void **state)
{
    struct scene *s = *state;
    struct guest guest, other;

    s->most = 1;
    assert_int_equal(open_listener(s, NULL), 0);
    s->everybody = true;
    for (int i = 0; i < 30; i++) {
        come(&guest, s, &s->known);
        link_close(TAKE(*guest.link));
    }
    open_guest(&guest, s, &s->known);
    (void)run_for(s, 500);
    assert_true(guest.refused);
    assert_int_equal(guest.ups, 0);
    come(&other, s, &s->revoked);
    assert_true(s->crowded > 0);
}

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
    struct guest late;
    int64_t before;

    s->silence_ms = 6 * FULL_SILENCE_MS;
    if (setrlimit(RLIMIT_NOFILE, &few) != 0 || open_listener(s, NULL) != 0)
        _exit(2);
    connect_as(s, &s->known);
    expect(s, LINK_UP);
    for (int pair = 0; pair < CROWD / 2 - 10; pair++) {
        (void)connect_raw(s);
        (void)run_for(s, 1); /* what is too many is cut */
    }
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
    (void)run_for(s, FULL_SILENCE_MS);
    open_guest(&late, s, &s->known);
    for (int i = 0; i < 5 && late.ups == 0; i++)
        (void)run_for(s, PATIENCE_MS / 10);
    if (late.ups == 0)
        _exit(6); /* who says nothing keeps others out */
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
        TEST(test_a_member_has_so_many_connections),
        TEST(test_who_comes_back_over_and_over_is_served),
        TEST(test_a_member_may_knock_so_often_a_minute),
        TEST(test_leaves_who_has_spoken_in_peace),
        TEST(test_raises_the_limit_of_descriptors),
        TEST(test_stays_calm_at_the_limit_of_descriptors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
