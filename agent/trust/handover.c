#include "trust/handover.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "crypto/cert.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "trust/draft.h"
#include "trust/folder.h"
#include "trust/office.h"

#define PREFIX "next-"
#define BRIDGE "directory-bridge.cms"
#define NAME_SIZE 160

/* In the order in which they take their places; the certificates first, so
 * that their being there says that not all is done. */
static const char *const NEXT[] = {
    "authority.key", "directory.key", "authority.crt", "directory.crt"};
#define NEXT_COUNT (sizeof NEXT / sizeof NEXT[0])

/* The last file that office_save_keys() writes. */
static bool has_new_keys(const char *dir)
{
    return folder_has(dir, PREFIX "directory.crt");
}

static bool announces(const struct members *members, const struct cert *cert)
{
    const struct cert *named = members_next_authority(members);
    struct bytes x, y;

    if (named == NULL)
        return false;
    x = cert_der(named);
    y = cert_der(cert);
    return x.len == y.len && memcmp(x.data, y.data, x.len) == 0;
}

/* Step 2. */
static int announce(struct authority *authority,
    const struct office_keys *fresh, wall now, struct err *err)
{
    SCOPED(draft_free) struct draft draft = {.arena = ARENA_EMPTY};
    SCOPED(mem_freep) char *path = file_path(authority->dir, BRIDGE);
    int rc = 0;

    if (!announces(authority->members, fresh->cert)) {
        rc = draft_next(&draft, authority->members, 0, now, err);
        draft.content.next_signer = cert_der(fresh->signer);
        draft.content.next_authority = cert_der(fresh->cert);
        if (rc == 0)
            rc = office_sign(authority, &draft, now, err);
    }
    return rc < 0 ? rc
                  : file_write(path, members_signed(authority->members),
                        FILE_PUBLIC, err);
}

static int reissue_all(
    struct draft *draft, const struct office_keys *fresh, struct err *err)
{
    struct directory_content *content = &draft->content;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < content->hub_count; i++) {
        struct directory_hub *hub = &content->hubs[i];
        char name[NAME_SIZE];
        const struct draft_issuer issuer = {
            fresh->cert, fresh->key, CERT_HUB, {name, content->cluster}};

        snprintf(name, sizeof name, "hub %s", hub->name);
        rc = draft_reissue(
            draft, &hub->sign_certificates, hub->sign_count, &issuer, err);
    }
    for (size_t i = 0; rc == 0 && i < content->school_count; i++) {
        struct directory_school *school = &content->schools[i];
        char name[NAME_SIZE];
        struct draft_issuer issuer = {
            fresh->cert, fresh->key, CERT_SIGN, {name, content->cluster}};

        snprintf(
            name, sizeof name, "%s %s", school->laestab.text, school->name);
        rc = draft_reissue(draft, &school->sign_certificates,
            school->sign_count, &issuer, err);
        issuer.profile = CERT_ENCRYPT;
        if (rc == 0)
            rc = draft_reissue(draft, &school->encrypt_certificates,
                school->encrypt_count, &issuer, err);
    }
    return rc;
}

static void take_office(struct authority *authority, struct office_keys *fresh)
{
    key_free(authority->key);
    key_free(authority->directory_key);
    cert_free(authority->cert);
    cert_free(authority->signer);
    authority->key = TAKE(fresh->key);
    authority->directory_key = TAKE(fresh->directory_key);
    authority->cert = TAKE(fresh->cert);
    authority->signer = TAKE(fresh->signer);
    hash_sha256(&authority->digest, cert_der(authority->cert));
}

/* Step 3.  The draft borrows from the directory before it. */
static int begin_anew(struct authority *authority, struct office_keys *fresh,
    wall now, struct err *err)
{
    SCOPED(draft_free) struct draft draft = {.arena = ARENA_EMPTY};
    int rc = draft_next(&draft, authority->members, 0, now, err);

    if (rc == 0)
        rc = reissue_all(&draft, fresh, err);
    if (rc < 0)
        return rc;
    take_office(authority, fresh);
    return office_sign(authority, &draft, now, err);
}

static int take_places(const char *dir, struct err *err)
{
    SCOPED(mem_freep) char *folder = file_path(dir, NEXT[0]);

    for (size_t i = 0; i < NEXT_COUNT; i++) {
        SCOPED(mem_freep)
        char *from = mem_format("%s/" PREFIX "%s", dir, NEXT[i]);
        SCOPED(mem_freep) char *to = file_path(dir, NEXT[i]);

        if (rename(from, to) < 0 && errno != ENOENT)
            return err_errno(err, from);
    }
    return file_sync_folder(folder, err);
}

int handover_resume(const char *dir, wall now, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(dir, "directory.cms");
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    SCOPED(cert_freep) struct cert *authority = NULL;
    SCOPED(cert_freep) struct cert *signer = NULL;
    SCOPED(members_freep) struct members *members = NULL;
    struct members_trust trust = {.even_expired = true};
    int rc;

    if (!has_new_keys(dir))
        return 0;
    rc = folder_load_cert(&signer, dir, PREFIX "directory.crt", err);
    if (rc == 0) /* it may have taken its place already */
        rc = folder_load_cert(&authority, dir,
            folder_has(dir, PREFIX "authority.crt") ? PREFIX "authority.crt"
                                                    : "authority.crt",
            err);
    if (rc == 0)
        rc = file_read(&file, path, MEMBERS_MAX_SIGNED, err);
    if (rc < 0)
        return rc;
    trust.authority = authority;
    trust.signer = signer;
    if (members_load(&members, buf_bytes(&file), &trust, now, NULL) < 0)
        return 0; /* the old authority is still in force */
    return take_places(dir, err);
}

int handover_run(struct authority *authority, const char *passphrase, wall now,
    struct err *err)
{
    SCOPED(office_free_keys) struct office_keys fresh = {0};
    const char *dir = authority->dir;
    int rc;

    if (has_new_keys(dir)) {
        rc = office_load_keys(&fresh, dir, PREFIX, passphrase, err);
    } else {
        rc = office_make_keys(
            &fresh, members_content(authority->members)->cluster, now, err);
        if (rc == 0)
            rc = office_save_keys(&fresh, dir, PREFIX, passphrase, err);
    }
    if (rc == 0)
        rc = announce(authority, &fresh, now, err);
    if (rc == 0)
        rc = begin_anew(authority, &fresh, now, err);
    return rc < 0 ? rc : take_places(dir, err);
}

int handover_bridge(struct buf *out, const char *dir, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(dir, BRIDGE);
    int rc = file_read(out, path, MEMBERS_MAX_SIGNED, err);

    return rc == ERR_NOT_FOUND ? 0 : rc;
}
