#include "trust/former.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "trust/folder.h"

#define STEM "former-"
#define MAX_FILES 64

char *former_name(wall until)
{
    return mem_format(STEM "%" PRId64, until.ms / 1000);
}

/* former-SECONDS.key and nothing else. */
static bool parse_name(wall *until, const char *name)
{
    const char *digits = name + strlen(STEM);
    char *end;

    if (strncmp(name, STEM, strlen(STEM)) != 0 || digits[0] < '1' ||
        digits[0] > '9' || strlen(digits) > 20)
        return false;
    errno = 0;
    until->ms = strtoll(digits, &end, 10) * 1000;
    return errno == 0 && strcmp(end, ".key") == 0;
}

static int newer_first(const void *a, const void *b)
{
    const wall *x = a, *y = b;

    return (x->ms < y->ms) - (x->ms > y->ms);
}

static void close_dirp(DIR **dir)
{
    if (*dir != NULL)
        closedir(*dir);
}

/* Newest first.  Returns how many, or an error. */
static int list(wall out[MAX_FILES], const char *folder, struct err *err)
{
    SCOPED(close_dirp) DIR *dir = opendir(folder);
    const struct dirent *entry;
    int count = 0;

    if (dir == NULL)
        return err_errno(err, folder);
    while (count < MAX_FILES && (entry = readdir(dir)) != NULL)
        count += parse_name(&out[count], entry->d_name);
    qsort(out, (size_t)count, sizeof *out, newer_first);
    return count;
}

static int load_one(struct identity_former *out, const char *folder, wall until,
    struct err *err)
{
    SCOPED(mem_freep) char *stem = former_name(until);
    SCOPED(mem_freep) char *crt = mem_format("%s.crt", stem);
    SCOPED(mem_freep) char *path = mem_format("%s/%s.key", folder, stem);
    SCOPED(key_freep) struct key *key = NULL;
    int rc = key_load(&key, path, NULL, err);

    if (rc == 0)
        rc = folder_load_cert(&out->cert, folder, crt, err);
    if (rc < 0)
        return rc;
    out->key = TAKE(key);
    out->until = until;
    return 0;
}

int former_load(struct identity_former *out, size_t *count, const char *folder,
    struct err *err)
{
    wall found[MAX_FILES];
    const int n = list(found, folder, err);

    *count = 0;
    for (int i = 0; i < n && *count < IDENTITY_MAX_FORMER; i++) {
        const int rc = load_one(&out[*count], folder, found[i], err);

        if (rc < 0)
            return rc;
        ++*count;
    }
    return n < 0 ? n : 0;
}

static int remove_pair(const char *folder, wall until, struct err *err)
{
    SCOPED(mem_freep) char *stem = former_name(until);
    SCOPED(mem_freep) char *key = mem_format("%s/%s.key", folder, stem);
    SCOPED(mem_freep) char *crt = mem_format("%s/%s.crt", folder, stem);

    if (unlink(key) < 0 && errno != ENOENT)
        return err_errno(err, key);
    if (unlink(crt) < 0 && errno != ENOENT)
        return err_errno(err, crt);
    return file_sync_folder(key, err);
}

static void forget(struct identity *identity, wall until)
{
    for (size_t i = 0; i < identity->former_count; i++) {
        struct identity_former *one = &identity->former[i];

        if (one->until.ms != until.ms)
            continue;
        key_free(one->key);
        cert_free(one->cert);
        *one = identity->former[--identity->former_count];
        return;
    }
}

int former_destroy(struct identity *identity, wall now, struct err *err)
{
    SCOPED(mem_freep) char *folder = file_path(identity->state, "identity");
    wall found[MAX_FILES];
    const int n = list(found, folder, err);
    int destroyed = 0;

    for (int i = 0; i < n; i++) {
        int rc;

        if (found[i].ms > now.ms)
            continue;
        rc = remove_pair(folder, found[i], err);
        if (rc < 0)
            return rc;
        forget(identity, found[i]);
        destroyed++;
    }
    return n < 0 ? n : destroyed;
}
