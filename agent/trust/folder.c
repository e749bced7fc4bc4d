#include "trust/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "crypto/cert.h"

#define MAX_PEM ((size_t)16 * 1024)
#define Z85                                                                    \
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"           \
    ".-:+=^!/*?&<>()[]{}@%$#"

bool folder_has(const char *folder, const char *name)
{
    SCOPED(mem_freep) char *path = file_path(folder, name);

    return access(path, F_OK) == 0;
}

int folder_lock(int *fd, const char *folder, struct err *err)
{
    *fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*fd < 0)
        return err_errno(err, folder);
    if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
        return 0;
    if (errno == EWOULDBLOCK)
        return err_set(err, ERR_BUSY,
            "another command is changing %s; try again when it is done",
            folder);
    return err_errno(err, folder);
}

int folder_save_cert(const char *folder, const char *name,
    const struct cert *cert, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(folder, name);
    SCOPED(buf_free) struct buf pem = BUF_EMPTY;
    int rc = cert_pem(&pem, cert, err);

    return rc < 0 ? rc : file_write(path, buf_bytes(&pem), FILE_PUBLIC, err);
}

int folder_load_cert(
    struct cert **out, const char *folder, const char *name, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(folder, name);
    SCOPED(buf_free) struct buf pem = BUF_EMPTY;
    int rc = file_read(&pem, path, MAX_PEM, err);

    if (rc < 0)
        return rc;
    rc = cert_parse_any(out, buf_bytes(&pem), err);
    return rc < 0 ? err_wrap(err, rc, path) : 0;
}

static int save_text(const char *folder, const char *name, const char *text,
    mode_t mode, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(folder, name);
    SCOPED(buf_free) struct buf line = BUF_EMPTY;

    buf_format(&line, "%s\n", text);
    return file_write(path, buf_bytes(&line), mode, err);
}

int folder_save_curve(const char *folder, const char *stem,
    const char *public_key, const char *secret_key, struct err *err)
{
    SCOPED(mem_freep) char *secret_name = mem_format("%s.key", stem);
    SCOPED(mem_freep) char *public_name = mem_format("%s.pub", stem);
    int rc = save_text(folder, secret_name, secret_key, FILE_PRIVATE, err);

    if (rc == 0)
        rc = save_text(folder, public_name, public_key, FILE_PUBLIC, err);
    return rc;
}

static int parse_curve(char out[CURVE_KEY_SIZE], const struct buf *line,
    const char *path, struct err *err)
{
    const size_t len = CURVE_KEY_SIZE - 1;

    if (line->len < len || line->len > len + 1 ||
        (line->len == len + 1 && line->data[len] != '\n'))
        return err_set(err, ERR_MALFORMED, "%s: not a transport key", path);
    memcpy(out, line->data, len);
    out[len] = '\0';
    if (strspn(out, Z85) != len)
        return err_set(err, ERR_MALFORMED, "%s: not a transport key", path);
    return 0;
}

int folder_load_curve(char public_key[CURVE_KEY_SIZE],
    char secret_key[CURVE_KEY_SIZE], const char *folder, const char *stem,
    struct err *err)
{
    SCOPED(mem_freep) char *secret_path = mem_format("%s/%s.key", folder, stem);
    SCOPED(mem_freep) char *public_path = mem_format("%s/%s.pub", folder, stem);
    SCOPED(buf_free) struct buf secret = BUF_EMPTY;
    SCOPED(buf_free) struct buf public = BUF_EMPTY;
    int rc = file_read_private(&secret, secret_path, CURVE_KEY_SIZE, err);

    if (rc == 0)
        rc = file_read(&public, public_path, CURVE_KEY_SIZE, err);
    if (rc == 0)
        rc = parse_curve(secret_key, &secret, secret_path, err);
    if (rc == 0)
        rc = parse_curve(public_key, &public, public_path, err);
    return rc;
}
