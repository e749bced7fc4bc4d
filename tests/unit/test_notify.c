/* What systemd is told, on a socket that stands for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/err.h"
#include "net/loop.h"
#include "net/notify.h"

/* An abstract address of this process alone. */
static int listen_as_systemd(void)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    char name[60];
    const int len =
        snprintf(name, sizeof name, "@moveup-test-notify-%d", (int)getpid());

    memcpy(at.sun_path, name, (size_t)len);
    at.sun_path[0] = '\0';
    assert_int_equal(
        bind(fd, (const struct sockaddr *)&at,
            (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)len)),
        0);
    setenv("NOTIFY_SOCKET", name, 1);
    return fd;
}

static const char *heard(int fd)
{
    static char text[100];
    const ssize_t n = recv(fd, text, sizeof text - 1, 0);

    text[n < 0 ? 0 : n] = '\0';
    return text;
}

static void stop(void *loop)
{
    loop_stop(loop);
}

static void test_says_that_it_lives_twice_in_the_time_allowed(void **state)
{
    SCOPED(loop_freep) struct loop *loop = NULL;
    struct notify_watchdog *watchdog;
    struct loop_timer *timer;
    const int fd = listen_as_systemd();
    int count = 0;
    struct err err;

    (void)state;
    assert_int_equal(loop_new(&loop, &err), 0);
    setenv("WATCHDOG_USEC", "100000", 1);
    watchdog = notify_watchdog_new(loop);
    assert_non_null(watchdog);
    timer = loop_timer_new(loop, stop, loop);
    loop_timer_set(timer, (mono){clock_mono().ms + 330});
    assert_int_equal(loop_run(loop, &err), 0);
    while (strcmp(heard(fd), "WATCHDOG=1") == 0)
        count++;
    assert_in_range(count, 3, 8); /* 7; fewer on a busy machine */
    notify_watchdog_free(watchdog);
    loop_timer_free(timer);
    close(fd);
}

static void test_keeps_quiet_where_nobody_asks(void **state)
{
    SCOPED(loop_freep) struct loop *loop = NULL;
    struct err err;

    (void)state;
    assert_int_equal(loop_new(&loop, &err), 0);
    unsetenv("WATCHDOG_USEC");
    assert_null(notify_watchdog_new(loop));
    setenv("WATCHDOG_USEC", "100000", 1);
    setenv("WATCHDOG_PID", "1", 1); /* meant for another process */
    assert_null(notify_watchdog_new(loop));
    unsetenv("WATCHDOG_PID");
    unsetenv("NOTIFY_SOCKET");
    notify_send("READY=1"); /* to nobody */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_says_that_it_lives_twice_in_the_time_allowed),
        cmocka_unit_test(test_keeps_quiet_where_nobody_asks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
