#include "trust/bundle.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "crypto/archive.h"
#include "trust/folder.h"

#define MAX_NAME ((size_t)80)
#define MAX_ABOUT ((size_t)1024)
#define MAX_ENTRIES ((size_t)64)
#define PIECE ((size_t)64 * 1024)
#define FOLDER "identity/"

/* Without these there is no school to go on with. */
static const char *const NEEDED[] = {"identity/request", "identity/sign.key",
    "identity/encrypt.key", "identity/curve.key", "identity/data.key",
    BUNDLE_DATABASE};
#define NEEDED_COUNT (sizeof NEEDED / sizeof NEEDED[0])

static void close_fdp(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

/* "identity/" and a plain file name: no slash, no dot in front. */
static bool is_identity_name(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789.-";
    const char *rest = name + strlen(FOLDER);

    return strncmp(name, FOLDER, strlen(FOLDER)) == 0 && rest[0] != '\0' &&
           rest[0] != '.' && rest[strspn(rest, letters)] == '\0';
}

static bool is_name(const char *name)
{
    return is_identity_name(name) || strcmp(name, "directory.cms") == 0 ||
           strcmp(name, "directory.seen") == 0 ||
           strcmp(name, BUNDLE_DATABASE) == 0;
}

/* --- writing --- */

static int write_entry_head(struct archive_writer *out, const char *name,
    uint64_t size, struct err *err)
{
    const uint8_t name_len = (uint8_t)strlen(name);
    uint8_t number[8];
    int rc = archive_write(out, (struct bytes){&name_len, 1}, err);

    for (size_t i = 0; i < sizeof number; i++)
        number[i] = (uint8_t)(size >> (56 - 8 * i));
    if (rc == 0)
        rc = archive_write(out, bytes_of(name), err);
    return rc < 0
               ? rc
               : archive_write(out, (struct bytes){number, sizeof number}, err);
}

/* The file must not change meanwhile, and if it does the bundle is refused
 * here and not when it is needed. */
static int copy_file(struct archive_writer *out, int fd, uint64_t size,
    const char *path, struct err *err)
{
    SCOPED(buf_free) struct buf piece = BUF_EMPTY;
    uint8_t *room = buf_reserve(&piece, PIECE);
    uint64_t done = 0;

    for (;;) {
        const ssize_t n = read(fd, room, PIECE);
        int rc;

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, path);
        done += (uint64_t)n;
        if (done > size || (n == 0 && done < size))
            return err_set(err, ERR_BUSY, "%s changed meanwhile", path);
        if (n == 0)
            return 0;
        rc = archive_write(out, (struct bytes){room, (size_t)n}, err);
        if (rc < 0)
            return rc;
    }
}

static int add_file(struct archive_writer *out, const char *name,
    const char *path, struct err *err)
{
    SCOPED(close_fdp) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat st;
    int rc;

    if (fd < 0 || fstat(fd, &st) < 0)
        return err_errno(err, path);
    if (!S_ISREG(st.st_mode))
        return err_set(err, ERR_MALFORMED, "%s is not a plain file", path);
    rc = write_entry_head(out, name, (uint64_t)st.st_size, err);
    return rc < 0 ? rc : copy_file(out, fd, (uint64_t)st.st_size, path, err);
}

static void close_dirp(DIR **dir)
{
    if (*dir != NULL)
        closedir(*dir);
}

/* Files of other names (an editor's, an unfinished one's) are not ours. */
static int add_identity(
    struct archive_writer *out, const char *state, struct err *err)
{
    SCOPED(mem_freep) char *folder = file_path(state, "identity");
    SCOPED(close_dirp) DIR *dir = opendir(folder);
    const struct dirent *entry;
    int rc = dir == NULL ? err_errno(err, folder) : 0;

    while (rc == 0 && (entry = readdir(dir)) != NULL) {
        SCOPED(mem_freep) char *name = mem_format(FOLDER "%s", entry->d_name);
        SCOPED(mem_freep) char *path = file_path(state, name);

        if (is_identity_name(name) && strlen(name) <= MAX_NAME)
            rc = add_file(out, name, path, err);
    }
    return rc;
}

static int add_if_there(struct archive_writer *out, const char *state,
    const char *name, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(state, name);

    return folder_has(state, name) ? add_file(out, name, path, err) : 0;
}

static int add_about(struct archive_writer *out,
    const struct bundle_about *about, struct err *err)
{
    SCOPED(buf_free) struct buf text = BUF_EMPTY;
    char at[CLOCK_TEXT_SIZE];
    int rc;

    buf_format(&text,
        "school %s\nincarnation %" PRIu64 "\nprogress %" PRIu64
        "\nat %s\nname %s\n",
        about->laestab.text, about->incarnation, about->progress,
        clock_format(about->at, at), about->name);
    rc = write_entry_head(out, "about", text.len, err);
    return rc < 0 ? rc : archive_write(out, buf_bytes(&text), err);
}

int bundle_write(struct archive_writer *out, const struct bundle_about *about,
    const char *state, const char *database, struct err *err)
{
    static const uint8_t end = 0;
    int rc = add_about(out, about, err);

    if (rc == 0)
        rc = add_identity(out, state, err);
    if (rc == 0)
        rc = add_if_there(out, state, "directory.cms", err);
    if (rc == 0)
        rc = add_if_there(out, state, "directory.seen", err);
    if (rc == 0)
        rc = add_file(out, BUNDLE_DATABASE, database, err);
    return rc < 0 ? rc : archive_write(out, (struct bytes){&end, 1}, err);
}

/* --- reading --- */

/* A bundle that is being read. */
struct unpacking {
    struct archive_reader *in;
    const char *folder; /* NULL: only look */
    char names[MAX_ENTRIES][MAX_NAME + 1];
    size_t count;
};

static int malformed(struct err *err)
{
    return err_set(err, ERR_MALFORMED, "the backup's content has another form");
}

static int read_exactly(
    struct unpacking *u, uint8_t *out, size_t size, struct err *err)
{
    size_t got;
    int rc = archive_read(&got, u->in, out, size, err);

    return rc == 0 && got < size ? malformed(err) : rc;
}

/* The next entry's name ("" at the end) and size. */
static int read_entry_head(char name[MAX_NAME + 1], uint64_t *size,
    struct unpacking *u, struct err *err)
{
    uint8_t len;
    uint8_t number[8];
    int rc = read_exactly(u, &len, 1, err);

    name[0] = '\0';
    *size = 0;
    if (rc < 0 || len == 0)
        return rc;
    if (len > MAX_NAME)
        return malformed(err);
    rc = read_exactly(u, (uint8_t *)name, len, err);
    if (rc == 0)
        rc = read_exactly(u, number, sizeof number, err);
    if (rc < 0)
        return rc;
    name[len] = '\0';
    for (size_t i = 0; i < sizeof number; i++)
        *size = *size << 8 | number[i];
    return strlen(name) == len ? 0 : malformed(err);
}

static bool parse_number(uint64_t *out, const char *text)
{
    char *end;

    errno = 0;
    *out = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0;
}

/* The value of the line that at points to, which must have this key; at goes
 * to the next line.  NULL: it has not. */
static const char *take_line(char **at, const char *key)
{
    const size_t len = strlen(key);
    char *value = *at + len + 1;
    char *end;

    if (strncmp(*at, key, len) != 0 || (*at)[len] != ' ')
        return NULL;
    end = strchr(value, '\n');
    if (end == NULL)
        return NULL;
    *end = '\0';
    *at = end + 1;
    return value;
}

static bool parse_about(struct bundle_about *out, char *text)
{
    char *at = text;
    const char *school = take_line(&at, "school");
    const char *incarnation =
        school == NULL ? NULL : take_line(&at, "incarnation");
    const char *progress =
        incarnation == NULL ? NULL : take_line(&at, "progress");
    const char *when = progress == NULL ? NULL : take_line(&at, "at");
    const char *name = when == NULL ? NULL : take_line(&at, "name");

    *out = (struct bundle_about){.incarnation = 0};
    if (name == NULL || *at != '\0' || strlen(name) >= sizeof out->name ||
        !text_is_clean(bytes_of(name)))
        return false;
    memcpy(out->name, name, strlen(name));
    return laestab_parse(&out->laestab, school, NULL) == 0 &&
           parse_number(&out->incarnation, incarnation) &&
           parse_number(&out->progress, progress) &&
           clock_parse(&out->at, when, NULL) == 0;
}

static int read_about(
    struct bundle_about *about, struct unpacking *u, struct err *err)
{
    char name[MAX_NAME + 1];
    char text[MAX_ABOUT + 1];
    uint64_t size;
    int rc = read_entry_head(name, &size, u, err);

    if (rc < 0)
        return rc;
    if (strcmp(name, "about") != 0 || size > MAX_ABOUT)
        return malformed(err);
    rc = read_exactly(u, (uint8_t *)text, (size_t)size, err);
    if (rc < 0)
        return rc;
    text[size] = '\0';
    return strlen(text) == size && parse_about(about, text) ? 0
                                                            : malformed(err);
}

static bool has(const struct unpacking *u, const char *name)
{
    for (size_t i = 0; i < u->count; i++)
        if (strcmp(u->names[i], name) == 0)
            return true;
    return false;
}

static int write_piece(
    int fd, const uint8_t *data, size_t len, const char *path, struct err *err)
{
    while (len > 0) {
        const ssize_t n = write(fd, data, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == ENOSPC || errno == EDQUOT))
            return err_set(err, ERR_FULL, "the disk is full: %s", path);
        if (n < 0)
            return err_errno(err, path);
        data += n;
        len -= (size_t)n;
    }
    return 0;
}

/* fd -1: look only. */
static int take_content(struct unpacking *u, int fd, uint64_t size,
    const char *path, struct err *err)
{
    SCOPED(buf_free) struct buf piece = BUF_EMPTY;
    uint8_t *room = buf_reserve(&piece, PIECE);

    piece.len = PIECE; /* so that it is wiped */
    while (size > 0) {
        const size_t n = size < PIECE ? (size_t)size : PIECE;
        int rc = read_exactly(u, room, n, err);

        if (rc == 0 && fd >= 0)
            rc = write_piece(fd, room, n, path, err);
        if (rc < 0)
            return rc;
        size -= n;
    }
    return fd >= 0 && fsync(fd) < 0 ? err_errno(err, path) : 0;
}

static int take_entry(
    struct unpacking *u, const char *name, uint64_t size, struct err *err)
{
    SCOPED(mem_freep) char *path = NULL;
    SCOPED(close_fdp) int fd = -1;

    if (!is_name(name) || has(u, name) || u->count == MAX_ENTRIES)
        return malformed(err);
    memcpy(u->names[u->count++], name, strlen(name) + 1);
    if (u->folder == NULL)
        return take_content(u, -1, size, name, err);
    path = file_path(u->folder, name);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_PRIVATE);
    if (fd < 0)
        return err_errno(err, path);
    return take_content(u, fd, size, path, err);
}

/* Nothing follows the end, and nothing is lacking. */
static int check_whole(struct unpacking *u, struct err *err)
{
    uint8_t more;
    size_t got;
    int rc = archive_read(&got, u->in, &more, 1, err);

    if (rc < 0)
        return rc;
    if (got > 0)
        return malformed(err);
    for (size_t i = 0; i < NEEDED_COUNT; i++)
        if (!has(u, NEEDED[i]))
            return err_set(
                err, ERR_MALFORMED, "the backup has no %s", NEEDED[i]);
    return 0;
}

static int make_folders(const char *folder, struct err *err)
{
    SCOPED(mem_freep) char *identity = NULL;

    if (folder == NULL)
        return 0;
    identity = file_path(folder, "identity");
    return file_make_dir(identity, err);
}

int bundle_read(struct bundle_about *about, struct archive_reader *in,
    const char *folder, struct err *err)
{
    SCOPED(mem_freep) struct unpacking *u = mem_alloc(sizeof *u);
    char name[MAX_NAME + 1];
    uint64_t size;
    int rc = make_folders(folder, err);

    u->in = in;
    u->folder = folder;
    if (rc == 0)
        rc = read_about(about, u, err);
    while (rc == 0) {
        rc = read_entry_head(name, &size, u, err);
        if (rc == 0 && name[0] == '\0')
            return check_whole(u, err);
        if (rc == 0)
            rc = take_entry(u, name, size, err);
    }
    return rc;
}
