#include "net/notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/loop.h"

void notify_send(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    const size_t len = path == NULL ? 0 : strlen(path);
    int fd;

    if (len == 0 || len >= sizeof to.sun_path)
        return;
    memcpy(to.sun_path, path, len);
    if (path[0] == '@') /* the abstract namespace */
        to.sun_path[0] = '\0';
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    (void)sendto(fd, state, strlen(state), MSG_NOSIGNAL,
        (const struct sockaddr *)&to,
        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
    close(fd);
}

struct notify_watchdog {
    struct loop_timer *timer;
    int64_t every_ms;
};

static void on_due(void *arg)
{
    struct notify_watchdog *watchdog = arg;

    notify_send("WATCHDOG=1");
    loop_timer_set(
        watchdog->timer, (mono){clock_mono().ms + watchdog->every_ms});
}

/* sd_watchdog_enabled(3): microseconds, meant for one process. */
static int64_t watchdog_ms(void)
{
    const char *usec = getenv("WATCHDOG_USEC");
    const char *pid = getenv("WATCHDOG_PID");

    if (usec == NULL || (pid != NULL && strtol(pid, NULL, 10) != getpid()))
        return 0;
    return strtoll(usec, NULL, 10) / 1000;
}

struct notify_watchdog *notify_watchdog_new(struct loop *loop)
{
    const int64_t limit_ms = watchdog_ms();
    struct notify_watchdog *watchdog;

    if (limit_ms < 2)
        return NULL;
    watchdog = mem_alloc(sizeof *watchdog);
    watchdog->every_ms = limit_ms / 2;
    watchdog->timer = loop_timer_new(loop, on_due, watchdog);
    on_due(watchdog);
    return watchdog;
}

void notify_watchdog_free(struct notify_watchdog *watchdog)
{
    if (watchdog == NULL)
        return;
    loop_timer_free(watchdog->timer);
    free(watchdog);
}
