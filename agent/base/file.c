#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"

static void close_fdp(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static int read_fd(
    struct buf *out, int fd, const char *path, size_t limit, struct err *err)
{
    const size_t before = out->len;

    for (;;) {
        uint8_t *room = buf_reserve(out, 65536);
        const ssize_t n = read(fd, room, 65536);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, path);
        if (n == 0)
            return 0;
        out->len += (size_t)n;
        if (out->len - before > limit)
            return err_set(err, ERR_TOO_BIG, "%s: over %zu bytes", path, limit);
    }
}

static int open_read(int *fd, const char *path, struct err *err)
{
    *fd = open(path, O_RDONLY | O_CLOEXEC);
    if (*fd < 0 && errno == ENOENT)
        return err_set(err, ERR_NOT_FOUND, "%s: no such file", path);
    if (*fd < 0)
        return err_errno(err, path);
    return 0;
}

int file_read(struct buf *out, const char *path, size_t limit, struct err *err)
{
    SCOPED(close_fdp) int fd = -1;
    int rc = open_read(&fd, path, err);

    return rc < 0 ? rc : read_fd(out, fd, path, limit, err);
}

int file_read_private(
    struct buf *out, const char *path, size_t limit, struct err *err)
{
    SCOPED(close_fdp) int fd = -1;
    struct stat st;
    int rc = open_read(&fd, path, err);

    if (rc < 0)
        return rc;
    if (fstat(fd, &st) < 0)
        return err_errno(err, path);
    if ((st.st_mode & 077) != 0)
        return err_set(err, ERR_DENIED,
            "%s may be read by others; run: chmod 600 %s", path, path);
    if (st.st_uid != geteuid())
        return err_set(err, ERR_DENIED,
            "%s belongs to another user; run: chown $(id -un) %s", path, path);
    return read_fd(out, fd, path, limit, err);
}

static int write_fd(int fd, struct bytes src, const char *path, struct err *err)
{
    while (src.len > 0) {
        const ssize_t n = write(fd, src.data, src.len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, path);
        src.data += n;
        src.len -= (size_t)n;
    }
    return fsync(fd) < 0 ? err_errno(err, path) : 0;
}

int file_sync_folder(const char *path, struct err *err)
{
    SCOPED(mem_freep) char *folder = mem_text(path);
    SCOPED(close_fdp) int fd = -1;
    char *slash = strrchr(folder, '/');

    if (slash == folder)
        slash[1] = '\0';
    else if (slash != NULL)
        *slash = '\0';
    fd = open(slash == NULL ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) < 0)
        return err_errno(err, folder);
    return 0;
}

int file_write(const char *path, struct bytes src, mode_t mode, struct err *err)
{
    SCOPED(mem_freep) char *fresh = mem_format("%s.XXXXXX", path);
    SCOPED(close_fdp) int fd = mkostemp(fresh, O_CLOEXEC);
    int rc;

    if (fd < 0)
        return err_errno(err, path);
    rc = fchmod(fd, mode) < 0 ? err_errno(err, path)
                              : write_fd(fd, src, path, err);
    if (rc == 0 && rename(fresh, path) < 0)
        rc = err_errno(err, path);
    if (rc < 0) {
        unlink(fresh);
        return rc;
    }
    return file_sync_folder(path, err);
}

int file_overwrite(
    const char *path, struct bytes src, mode_t mode, struct err *err)
{
    SCOPED(close_fdp)
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, mode);

    if (fd < 0 || pwrite(fd, src.data, src.len, 0) != (ssize_t)src.len ||
        fdatasync(fd) < 0)
        return err_errno(err, path);
    return 0;
}

int file_holder(pid_t *out, const char *path, struct err *err)
{
    SCOPED(close_fdp) int fd = -1;
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int rc = open_read(&fd, path, err);

    *out = 0;
    if (rc < 0)
        return rc;
    if (fcntl(fd, F_GETLK, &lock) < 0)
        return err_errno(err, path);
    if (lock.l_type != F_UNLCK)
        *out = lock.l_pid;
    return 0;
}

int file_make_dir(const char *path, struct err *err)
{
    if (mkdir(path, 0700) < 0 && errno != EEXIST)
        return err_errno(err, path);
    return 0;
}

char *file_path(const char *dir, const char *name)
{
    return mem_format("%s/%s", dir, name);
}
