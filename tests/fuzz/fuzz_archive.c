/* Backups: the input as a file (which no key opens), and as the content of a
 * file that opens. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "crypto/archive.h"
#include "trust/bundle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void close_fd(int *fd)
{
    close(*fd);
}

static const struct archive_key KEY = {{7}};

/* Nobody can make a file for a key that was not used to make it. */
static void read_as_file(struct bytes file)
{
    SCOPED(close_fd) int fd = memfd_create("fuzz", MFD_CLOEXEC);
    SCOPED(archive_closep) struct archive_reader *reader = NULL;
    struct archive_head head;
    struct err err = {.text = ""};
    uint8_t out[64];
    size_t got;

    if (write(fd, file.data, file.len) != (ssize_t)file.len)
        return;
    if (archive_read_head(&head, fd, &err) == 0 &&
        archive_open(&reader, fd, &head, &KEY, &err) == 0 &&
        archive_read(&got, reader, out, sizeof out, &err) == 0)
        abort();
    if (err.text[0] == '\0')
        abort(); /* refused without a reason */
}

static int seal(struct archive_head *head, struct bytes content)
{
    SCOPED(archive_endp) struct archive_writer *writer = NULL;
    struct archive_key unused;
    const int fd = memfd_create("fuzz", MFD_CLOEXEC);
    uint64_t size;

    if (archive_new_key(head, &unused, NULL, NULL) < 0 ||
        archive_begin(&writer, fd, head, &KEY, NULL) < 0 ||
        archive_write(writer, content, NULL) < 0 ||
        archive_finish(&size, writer, NULL) < 0)
        abort();
    return fd;
}

static void read_as_content(struct bytes content)
{
    SCOPED(archive_closep) struct archive_reader *reader = NULL;
    struct archive_head head;
    struct bundle_about about;
    struct err err = {.text = ""};
    SCOPED(close_fd) int fd = seal(&head, content);
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    size_t got;

    if (archive_open(&reader, fd, &head, &KEY, NULL) < 0 ||
        archive_read(&got, reader, buf_reserve(&out, content.len + 1),
            content.len + 1, NULL) < 0 ||
        got != content.len ||
        (got > 0 && memcmp(out.data, content.data, got) != 0))
        abort();
    archive_close(TAKE(reader));
    if (archive_open(&reader, fd, &head, &KEY, NULL) < 0)
        abort();
    if (bundle_read(&about, reader, NULL, &err) < 0 && err.text[0] == '\0')
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_as_file((struct bytes){data, size});
    read_as_content((struct bytes){data, size});
    return 0;
}
