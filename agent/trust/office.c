#include "trust/office.h"

#include "base/err.h"
#include "base/mem.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "trust/draft.h"
#include "trust/folder.h"

#define HOUR_MS ((int64_t)60 * 60 * 1000)

int office_sign(struct authority *authority, const struct draft *draft,
    wall now, struct err *err)
{
    const struct draft_pen pen = {authority->dir, authority->directory_key,
        authority->signer, authority->cert};
    SCOPED(members_freep) struct members *members = NULL;
    int rc = draft_publish(&members, draft, &pen, now, err);

    if (rc < 0)
        return rc;
    members_free(authority->members);
    authority->members = TAKE(members);
    return 0;
}

int office_make_keys(
    struct office_keys *out, const char *cluster, wall now, struct err *err)
{
    const wall from = {now.ms - AUTHORITY_BACKDATE_HOURS * HOUR_MS};
    const wall until = {now.ms + AUTHORITY_CA_DAYS * 24 * HOUR_MS};
    SCOPED(mem_freep) char *signer = mem_format("directory of %.100s", cluster);
    const struct cert_subject authority = {cluster, cluster};
    const struct cert_subject directory = {signer, cluster};
    int rc = key_new(&out->key, err);

    if (rc == 0)
        rc = key_new(&out->directory_key, err);
    if (rc == 0)
        rc = cert_issue(&out->cert, CERT_AUTHORITY, &authority, out->key, NULL,
            out->key, from, until, err);
    if (rc == 0)
        rc = cert_issue(&out->signer, CERT_DIRECTORY, &directory,
            out->directory_key, out->cert, out->key, from, until, err);
    return rc;
}

static int save_pair(const char *dir, const char *stem, const struct key *key,
    const struct cert *cert, const char *passphrase, struct err *err)
{
    SCOPED(mem_freep) char *path = mem_format("%s/%s.key", dir, stem);
    SCOPED(mem_freep) char *name = mem_format("%s.crt", stem);
    int rc = key_save(key, path, passphrase, err);

    return rc < 0 ? rc : folder_save_cert(dir, name, cert, err);
}

int office_save_keys(const struct office_keys *keys, const char *dir,
    const char *prefix, const char *passphrase, struct err *err)
{
    SCOPED(mem_freep) char *authority = mem_format("%sauthority", prefix);
    SCOPED(mem_freep) char *directory = mem_format("%sdirectory", prefix);
    int rc = save_pair(dir, authority, keys->key, keys->cert, passphrase, err);

    return rc < 0 ? rc
                  : save_pair(dir, directory, keys->directory_key, keys->signer,
                        passphrase, err);
}

static int load_pair(struct key **key, struct cert **cert, const char *dir,
    const char *stem, const char *passphrase, struct err *err)
{
    SCOPED(mem_freep) char *path = mem_format("%s/%s.key", dir, stem);
    SCOPED(mem_freep) char *name = mem_format("%s.crt", stem);
    int rc = folder_load_cert(cert, dir, name, err);

    if (rc == 0)
        rc = key_load(key, path, passphrase, err);
    if (rc == 0 && !cert_matches(*cert, *key))
        rc = err_set(err, ERR_CERTIFICATE,
            "a key in %s is not that of the certificate beside it", dir);
    return rc;
}

int office_load_keys(struct office_keys *out, const char *dir,
    const char *prefix, const char *passphrase, struct err *err)
{
    SCOPED(mem_freep) char *authority = mem_format("%sauthority", prefix);
    SCOPED(mem_freep) char *directory = mem_format("%sdirectory", prefix);
    int rc = load_pair(&out->key, &out->cert, dir, authority, passphrase, err);

    return rc < 0 ? rc
                  : load_pair(&out->directory_key, &out->signer, dir, directory,
                        passphrase, err);
}

void office_free_keys(struct office_keys *keys)
{
    key_free(keys->key);
    cert_free(keys->cert);
    key_free(keys->directory_key);
    cert_free(keys->signer);
}
