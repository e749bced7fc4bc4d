#include "frames.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rig.h"

void frames_pair(int pair[2])
{
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof at;
    const int on = 1;

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    rig_need(bind(listener, (struct sockaddr *)&at, len) == 0, "bind");
    rig_need(listen(listener, 1) == 0, "listen");
    rig_need(getsockname(listener, (struct sockaddr *)&at, &len) == 0, "name");
    pair[0] = socket(AF_INET, SOCK_STREAM, 0);
    rig_need(connect(pair[0], (struct sockaddr *)&at, len) == 0, "connect");
    pair[1] = accept(listener, NULL, NULL);
    rig_need(pair[1] >= 0, "accept");
    close(listener);
    for (int i = 0; i < 2; i++)
        setsockopt(pair[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void send_all(int fd, const void *data, size_t len, int flags)
{
    const uint8_t *at = data;

    while (len > 0) {
        const ssize_t n = send(fd, at, len, MSG_NOSIGNAL | flags);

        rig_need(n > 0, "send");
        at += n;
        len -= (size_t)n;
    }
}

void frames_send(int fd, struct bytes bytes)
{
    const uint32_t len = (uint32_t)bytes.len;

    send_all(fd, &len, sizeof len, MSG_MORE);
    send_all(fd, bytes.data, bytes.len, 0);
}

/* False at the end of the stream. */
static bool take_all(int fd, void *data, size_t len)
{
    uint8_t *at = data;

    while (len > 0) {
        const ssize_t n = recv(fd, at, len, MSG_WAITALL);

        rig_need(n >= 0, "receive");
        if (n == 0)
            return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

bool frames_take(struct buf *out, int fd)
{
    uint32_t len;

    out->len = 0; /* not buf_clear(): wiping is not part of the floor */
    if (!take_all(fd, &len, sizeof len) ||
        !take_all(fd, buf_reserve(out, len), len))
        return false;
    out->len = len;
    return true;
}

bool frames_waiting(int fd)
{
    struct pollfd one = {fd, POLLIN, 0};

    return poll(&one, 1, 0) == 1;
}
