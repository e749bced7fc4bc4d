#include "trust/keyring.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "crypto/key.h"
#include "crypto/vault.h"
#include "trust/folder.h"
#include "trust/papers.h"

static int make_key(
    struct buf *public, struct key **out, const char *path, struct err *err)
{
    SCOPED(key_freep) struct key *key = NULL;
    int rc = key_new(&key, err);

    if (rc == 0)
        rc = key_save(key, path, NULL, err);
    if (rc == 0)
        rc = key_public(public, key, err);
    if (rc == 0 && out != NULL)
        *out = TAKE(key);
    return rc;
}

/* A school's two key pairs and its data key. */
static int make_school_keys(struct key **sign, struct buf *sign_public,
    struct buf *encrypt_public, const char *folder, struct err *err)
{
    SCOPED(mem_freep) char *sign_path = file_path(folder, "sign.key");
    SCOPED(mem_freep) char *encrypt_path = file_path(folder, "encrypt.key");
    SCOPED(mem_freep) char *data_path = file_path(folder, "data.key");
    int rc = make_key(sign_public, sign, sign_path, err);

    if (rc == 0)
        rc = make_key(encrypt_public, NULL, encrypt_path, err);
    if (rc == 0)
        rc = vault_create(data_path, err);
    return rc;
}

/* What a hub attests with. */
static int make_hub_key(struct key **sign, struct buf *sign_public,
    const char *folder, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(folder, "sign.key");

    return make_key(sign_public, sign, path, err);
}

static int fill(struct buf *request, const char *folder,
    struct enrolment_request *wanted, const char *curve_secret, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(folder, "request");
    SCOPED(key_freep) struct key *sign = NULL;
    SCOPED(buf_free) struct buf sign_public = BUF_EMPTY;
    SCOPED(buf_free) struct buf encrypt_public = BUF_EMPTY;
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    int rc = wanted->kind == ENROLMENT_SCHOOL
                 ? make_school_keys(
                       &sign, &sign_public, &encrypt_public, folder, err)
                 : make_hub_key(&sign, &sign_public, folder, err);

    wanted->sign_key = buf_bytes(&sign_public);
    wanted->encrypt_key = buf_bytes(&encrypt_public);
    if (rc == 0)
        rc = folder_save_curve(
            folder, "curve", wanted->curve_key, curve_secret, err);
    if (rc == 0)
        rc = papers_write_request(&file, wanted, sign, err);
    if (rc == 0)
        rc = file_write(path, buf_bytes(&file), FILE_PUBLIC, err);
    if (rc == 0)
        buf_add(request, buf_bytes(&file));
    wanted->sign_key = wanted->encrypt_key = (struct bytes){NULL, 0};
    return rc;
}

/* Remove a folder that fill() left half made. */
static void discard(const char *folder)
{
    static const char *const names[] = {"sign.key", "encrypt.key", "data.key",
        "curve.key", "curve.pub", "request"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        SCOPED(mem_freep) char *path = file_path(folder, names[i]);

        unlink(path);
    }
    rmdir(folder);
}

static int sync_folder(const char *folder, struct err *err)
{
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int rc = fd < 0 || fsync(fd) < 0 ? err_errno(err, folder) : 0;

    if (fd >= 0)
        close(fd);
    return rc;
}

int keyring_make(struct buf *request, const char *state,
    struct enrolment_request *wanted, const char *curve_secret, struct err *err)
{
    SCOPED(mem_freep) char *final = file_path(state, "identity");
    SCOPED(mem_freep) char *fresh = file_path(state, "identity.XXXXXX");
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    int rc = file_make_dir(state, err);

    if (rc < 0)
        return rc;
    if (mkdtemp(fresh) == NULL)
        return err_errno(err, state);
    rc = fill(&file, fresh, wanted, curve_secret, err);
    if (rc == 0 && rename(fresh, final) < 0)
        rc = err_errno(err, final);
    if (rc < 0) {
        discard(fresh);
        return rc;
    }
    buf_add(request, buf_bytes(&file));
    return sync_folder(state, err);
}
