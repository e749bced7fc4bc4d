#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "net/loop.h"

struct scene {
    struct loop *loop;
    struct loop_watch *watch;
    struct loop_timer *timer, *other;
    int fds[2];
    int calls;
    char trace[32];
};

static void note(struct scene *s, char what)
{
    size_t len = strlen(s->trace);

    if (len + 1 < sizeof s->trace)
        s->trace[len] = what;
}

static int set_up(void **state)
{
    struct scene *s = calloc(1, sizeof *s);

    assert_non_null(s);
    assert_int_equal(loop_new(&s->loop, NULL), 0);
    assert_int_equal(pipe(s->fds), 0);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *s = *state;

    loop_free(s->loop);
    close(s->fds[0]);
    if (s->fds[1] >= 0)
        close(s->fds[1]);
    free(s);
    return 0;
}

static void stop(void *arg)
{
    loop_stop(((struct scene *)arg)->loop);
}

static void run_for(struct scene *s, int ms)
{
    struct loop_timer *end = loop_timer_new(s->loop, stop, s);

    loop_timer_set(end, (mono){clock_mono().ms + ms});
    assert_int_equal(loop_run(s->loop, NULL), 0);
    loop_timer_free(end);
}

static void note_a(void *arg)
{
    note(arg, 'a');
}

static void note_b(void *arg)
{
    note(arg, 'b');
}

static void test_timers_fire_once_and_in_their_time(void **state)
{
    struct scene *s = *state;
    const int64_t now = clock_mono().ms;

    s->timer = loop_timer_new(s->loop, note_a, s);
    s->other = loop_timer_new(s->loop, note_b, s);
    loop_timer_set(s->timer, (mono){now + 20});
    loop_timer_set(s->other, (mono){now + 5});
    run_for(s, 60);
    assert_string_equal(s->trace, "ba");

    loop_timer_set(s->timer, (mono){clock_mono().ms + 5});
    loop_timer_set(s->timer, (mono){0});
    run_for(s, 20);
    assert_string_equal(s->trace, "ba");
}

static void free_both(void *arg)
{
    struct scene *s = arg;

    note(s, 'f');
    loop_timer_free(s->timer);
    loop_timer_free(s->other);
}

static void test_a_timer_may_free_itself_and_the_next(void **state)
{
    struct scene *s = *state;
    const mono now = clock_mono();

    s->timer = loop_timer_new(s->loop, free_both, s);
    s->other = loop_timer_new(s->loop, note_b, s);
    loop_timer_set(s->timer, now);
    loop_timer_set(s->other, now);
    run_for(s, 20);
    assert_string_equal(s->trace, "f");
}

static void due_again(void *arg)
{
    struct scene *s = arg;

    s->calls++;
    loop_timer_set(s->timer, clock_mono());
}

static void read_one(void *arg, int events)
{
    struct scene *s = arg;
    char byte;

    assert_int_equal(events, LOOP_READ);
    if (read(s->fds[0], &byte, 1) == 1)
        note(s, byte);
    else
        note(s, '.');
}

static void test_a_timer_that_is_always_due_starves_nobody(void **state)
{
    struct scene *s = *state;

    s->timer = loop_timer_new(s->loop, due_again, s);
    loop_timer_set(s->timer, clock_mono());
    loop_watch_fd(s->loop, s->fds[0], LOOP_READ, read_one, s);
    assert_int_equal(write(s->fds[1], "xy", 2), 2);
    run_for(s, 20);
    assert_string_equal(s->trace, "xy");
    assert_true(s->calls > 2);
}

static void unwatch_self(void *arg, int events)
{
    struct scene *s = arg;

    (void)events;
    note(s, 'u');
    loop_unwatch(s->watch);
}

static void test_a_watch_may_remove_itself(void **state)
{
    struct scene *s = *state;

    s->watch = loop_watch_fd(s->loop, s->fds[0], LOOP_READ, unwatch_self, s);
    assert_int_equal(write(s->fds[1], "xy", 2), 2);
    run_for(s, 20);
    assert_string_equal(s->trace, "u");
}

static void test_the_end_of_a_peer_is_told_as_readable(void **state)
{
    struct scene *s = *state;

    s->watch = loop_watch_fd(s->loop, s->fds[0], LOOP_READ, unwatch_self, s);
    close(s->fds[1]);
    s->fds[1] = -1;
    run_for(s, 20);
    assert_string_equal(s->trace, "u");
}

static int64_t cpu_ms(void)
{
    struct rusage use;

    getrusage(RUSAGE_SELF, &use);
    return (use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000 +
           (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1000;
}

static void test_sleeps_while_a_paused_watch_has_lost_its_peer(void **state)
{
    struct scene *s = *state;
    const int64_t before = cpu_ms();

    s->watch = loop_watch_fd(s->loop, s->fds[0], LOOP_READ, read_one, s);
    loop_watch_events(s->watch, 0);
    close(s->fds[1]);
    s->fds[1] = -1;
    run_for(s, 300);
    assert_string_equal(s->trace, "");
    assert_true(cpu_ms() - before < 100);
}

static void hang_up(void *arg)
{
    note(arg, 'h');
    raise(SIGTERM);
}

static void test_signals_reload_and_end(void **state)
{
    struct scene *s = *state;

    assert_int_equal(loop_signals(s->loop, hang_up, s, NULL), 0);
    raise(SIGHUP);
    assert_int_equal(loop_run(s->loop, NULL), 0);
    assert_string_equal(s->trace, "h");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_timers_fire_once_and_in_their_time),
        TEST(test_a_timer_may_free_itself_and_the_next),
        TEST(test_a_timer_that_is_always_due_starves_nobody),
        TEST(test_a_watch_may_remove_itself),
        TEST(test_the_end_of_a_peer_is_told_as_readable),
        TEST(test_sleeps_while_a_paused_watch_has_lost_its_peer),
        TEST(test_signals_reload_and_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
