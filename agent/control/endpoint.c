#include "control/endpoint.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "control/control.h"

#define BACKLOG 64
#define MOST_FILES 8 /* in one message; one is wanted */

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static int give_fd(int *fd)
{
    const int given = *fd;

    *fd = -1;
    return given;
}

static int address(struct sockaddr_un *out, const char *path, struct err *err)
{
    const size_t len = strlen(path);

    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (len == 0 || len >= sizeof out->sun_path)
        return err_set(err, ERR_USAGE,
            "a socket's path has 1 to %zu characters",
            sizeof out->sun_path - 1);
    memcpy(out->sun_path, path, len);
    return 0;
}

int endpoint_connect(int *out, const char *path, struct err *err)
{
    SCOPED(close_fd) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_un to;

    if (fd < 0)
        return err_errno(err, "socket");
    if (address(&to, path, err) < 0)
        return ERR_USAGE;
    if (connect(fd, (const struct sockaddr *)&to, sizeof to) == 0) {
        *out = give_fd(&fd);
        return 0;
    }
    if (errno == EACCES || errno == EPERM)
        return err_set(err, ERR_DENIED, "%s may not be opened", path);
    if (errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR ||
        errno == ENOTSOCK)
        return err_set(err, ERR_NOT_FOUND, "nobody answers at %s", path);
    return err_errno(err, path);
}

/* Make way for a new socket: remove what a dead agent left behind. */
static int clear_path(const char *path, struct err *err)
{
    struct stat st;
    struct err ignored;
    int fd = -1;
    int rc;

    if (lstat(path, &st) < 0)
        return errno == ENOENT ? 0 : err_errno(err, path);
    if (!S_ISSOCK(st.st_mode))
        return err_set(
            err, ERR_EXISTS, "%s is there already and is no socket", path);
    rc = endpoint_connect(&fd, path, &ignored);
    close_fd(&fd);
    if (rc != ERR_NOT_FOUND)
        return err_set(err, ERR_EXISTS, "another agent answers at %s", path);
    if (unlink(path) < 0 && errno != ENOENT)
        return err_errno(err, path);
    return 0;
}

/* /run is emptied at every start, and systemd makes /run/moveup only for a
 * unit: who starts the agent by hand would have to make the usual socket's
 * folder. */
static int make_folder(const char *path, struct err *err)
{
    struct sockaddr_un at;
    char *slash;
    mode_t mask;
    int failed;

    if (address(&at, path, err) < 0)
        return ERR_USAGE;
    slash = strrchr(at.sun_path, '/');
    if (slash == NULL || slash == at.sun_path)
        return 0;
    *slash = '\0';
    mask = umask(022); /* the socket itself says who may open it */
    failed = mkdir(at.sun_path, 0755) < 0 ? errno : 0;
    umask(mask);
    if (failed == 0 || failed == EEXIST)
        return 0;
    return err_set(err, ERR_IO,
        "the socket's folder %.60s cannot be made (%s): make it for this user, "
        "or name another socket with --socket PATH",
        at.sun_path, strerror(failed));
}

int endpoint_listen(int *out, const char *path, struct err *err)
{
    SCOPED(close_fd)
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct sockaddr_un at;
    mode_t mask;
    int rc;

    if (fd < 0)
        return err_errno(err, "socket");
    if (address(&at, path, err) < 0)
        return ERR_USAGE;
    rc = make_folder(path, err);
    if (rc == 0)
        rc = clear_path(path, err);
    if (rc < 0)
        return rc;
    mask = umask(0117); /* 0660 from its first moment */
    rc = bind(fd, (const struct sockaddr *)&at, sizeof at);
    umask(mask);
    if (rc < 0 || listen(fd, BACKLOG) < 0)
        return err_errno(err, path);
    *out = give_fd(&fd);
    return 0;
}

int endpoint_accept(int listener)
{
    return accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

int endpoint_peer(struct control_peer *out, int fd, struct err *err)
{
    struct ucred cred;
    socklen_t len = sizeof cred;

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) < 0)
        return err_errno(err, "SO_PEERCRED");
    *out = (struct control_peer){cred.uid, cred.pid};
    return 0;
}

union one_file {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
};

ssize_t endpoint_send(int fd, struct bytes src, int file)
{
    union one_file control = {.space = {0}};
    struct iovec iov = {(void *)(uintptr_t)src.data, src.len};
    struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};
    ssize_t sent;

    if (file >= 0) {
        message.msg_control = control.space;
        message.msg_controllen = sizeof control.space;
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(&control.header), &file, sizeof file);
    }
    do {
        sent = sendmsg(fd, &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
    return sent;
}

/* Keep the first descriptor, close the others. */
static void keep_file(int *file, struct msghdr *message)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL;
         c = CMSG_NXTHDR(message, c)) {
        const size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        for (size_t i = 0; i < count; i++) {
            int fd;

            memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
            if (*file < 0)
                *file = fd;
            else
                close(fd);
        }
    }
}

ssize_t endpoint_receive(int fd, uint8_t *data, size_t room, int *file)
{
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(MOST_FILES * sizeof(int))];
    } control;
    struct iovec iov = {data, room};
    struct msghdr message = {.msg_iov = &iov,
        .msg_iovlen = 1,
        .msg_control = control.space,
        .msg_controllen = sizeof control.space};
    ssize_t got;

    do {
        got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK ? ENDPOINT_NOT_NOW
                                                       : ENDPOINT_GONE;
    keep_file(file, &message);
    return got == 0 ? ENDPOINT_GONE : got;
}
