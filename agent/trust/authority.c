#include "trust/authority.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "crypto/cert.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "trust/admission.h"
#include "trust/draft.h"
#include "trust/folder.h"
#include "trust/founding.h"
#include "trust/papers.h"

#define MAX_REASON 200 /* bytes */

struct authority {
    char *dir;
    int lock;                  /* the open folder while keys are; else -1 */
    struct key *key;           /* of the CA; NULL when only looking */
    struct key *directory_key; /* NULL when only looking */
    struct cert *cert;
    struct cert *signer;
    struct digest digest; /* of cert */
    struct members *members;
    char curve_public[CURVE_KEY_SIZE];
    char curve_secret[CURVE_KEY_SIZE];
};

/* Sign the draft and put it in force. */
static int publish(struct authority *authority, const struct draft *draft,
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

int authority_create(const char *dir, const struct authority_plan *plan,
    wall now, struct err *err)
{
    return founding_make(dir, plan, now, err);
}

static int load_public(struct authority *authority, wall now, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(authority->dir, "directory.cms");
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    struct members_trust trust = {.even_expired = true};
    int rc = folder_load_cert(
        &authority->cert, authority->dir, "authority.crt", err);

    if (rc == ERR_NOT_FOUND)
        return err_set(err, ERR_NOT_FOUND,
            "there is no authority in %s; run: moveup cluster init",
            authority->dir);
    if (rc == 0)
        rc = folder_load_cert(
            &authority->signer, authority->dir, "directory.crt", err);
    if (rc == 0)
        rc = file_read(&file, path, MEMBERS_MAX_SIGNED, err);
    if (rc < 0)
        return rc;
    hash_sha256(&authority->digest, cert_der(authority->cert));
    trust.authority = authority->cert;
    trust.signer = authority->signer;
    return members_load(
        &authority->members, buf_bytes(&file), &trust, now, err);
}

static int load_keys(
    struct authority *authority, const char *passphrase, struct err *err)
{
    SCOPED(mem_freep) char *key = file_path(authority->dir, "authority.key");
    SCOPED(mem_freep) char *signer = file_path(authority->dir, "directory.key");
    int rc = key_load(&authority->key, key, passphrase, err);

    if (rc == 0)
        rc = key_load(&authority->directory_key, signer, passphrase, err);
    if (rc == 0 &&
        (!cert_matches(authority->cert, authority->key) ||
            !cert_matches(authority->signer, authority->directory_key)))
        rc = err_set(err, ERR_CERTIFICATE,
            "a key in %s is not that of the certificate beside it",
            authority->dir);
    return rc;
}

int authority_open(struct authority **out, const char *dir,
    const char *passphrase, bool need_keys, wall now, struct err *err)
{
    SCOPED(authority_closep)
    struct authority *authority = mem_alloc(sizeof *authority);
    int rc = 0;

    authority->lock = -1;
    authority->dir = mem_text(dir);
    if (need_keys && folder_has(dir, "authority.crt"))
        rc = folder_lock(&authority->lock, dir, err);
    if (rc == 0)
        rc = load_public(authority, now, err);
    if (rc == 0)
        rc = folder_load_curve(authority->curve_public, authority->curve_secret,
            dir, "admin.curve", err);
    if (rc == 0 && need_keys)
        rc = load_keys(authority, passphrase, err);
    if (rc == 0)
        *out = TAKE(authority);
    return rc;
}

const struct members *authority_members(const struct authority *authority)
{
    return authority->members;
}

const char *authority_curve_public(const struct authority *authority)
{
    return authority->curve_public;
}

const char *authority_curve_secret(const struct authority *authority)
{
    return authority->curve_secret;
}

const struct digest *authority_digest(const struct authority *authority)
{
    return &authority->digest;
}

void authority_close(struct authority *authority)
{
    if (authority == NULL)
        return;
    explicit_bzero(authority->curve_secret, sizeof authority->curve_secret);
    key_free(authority->key);
    key_free(authority->directory_key);
    cert_free(authority->cert);
    cert_free(authority->signer);
    members_free(authority->members);
    if (authority->lock >= 0)
        close(authority->lock);
    free(authority->dir);
    free(authority);
}

int authority_read_request(struct enrolment_request *out, struct digest *digest,
    struct bytes file, struct arena *arena, struct err *err)
{
    return papers_read_request(out, digest, file, arena, err);
}

static bool same_member(
    const struct enrolment_request *a, const struct enrolment_request *b)
{
    if (a->kind != b->kind)
        return false;
    return a->kind == ENROLMENT_HUB ? strcmp(a->endpoint, b->endpoint) == 0
                                    : laestab_equal(&a->laestab, &b->laestab);
}

static int enter_all(struct admission *admissions, struct draft *draft,
    const struct authority *authority, const struct authority_intake *intake,
    wall now, struct err *err)
{
    const struct admission_issuer issuer = {
        authority->cert, authority->key, intake->readmit, now};

    for (size_t i = 0; i < intake->count; i++) {
        const struct enrolment_request *request = &admissions[i].request;
        int rc = admission_enter(
            &admissions[i], draft, &issuer, intake->requests[i], err);

        if (rc < 0)
            return rc;
        for (size_t j = 0; j < i; j++)
            if (same_member(request, &admissions[j].request))
                return err_set(err, ERR_USAGE, "two of the requests are of %s",
                    request->kind == ENROLMENT_HUB ? request->endpoint
                                                   : request->laestab.text);
    }
    return 0;
}

static void write_welcome(struct buf *out, const struct authority *authority,
    const struct admission *admission)
{
    const struct enrolment_welcome welcome = {
        .kind = admission->request.kind,
        .laestab = admission->request.laestab,
        .authority = cert_der(authority->cert),
        .directory_signer = cert_der(authority->signer),
        .sign_certificate = admission->sign_certificate,
        .encrypt_certificate = admission->encrypt_certificate,
        .directory = members_signed(authority->members),
        .request = admission->digest,
    };

    papers_write_welcome(out, &welcome);
}

int authority_enrol(struct buf *welcomes, struct authority *authority,
    const struct authority_intake *intake, wall now, struct err *err)
{
    SCOPED(draft_free) struct draft draft = {.arena = ARENA_EMPTY};
    SCOPED(mem_freep)
    struct admission *admissions =
        mem_alloc((intake->count + 1) * sizeof *admissions);
    int rc = draft_next(&draft, authority->members, intake->count, now, err);

    if (rc == 0)
        rc = enter_all(admissions, &draft, authority, intake, now, err);
    if (rc == 0)
        rc = publish(authority, &draft, now, err);
    for (size_t i = 0; rc == 0 && i < intake->count; i++)
        write_welcome(&welcomes[i], authority, &admissions[i]);
    return rc;
}

static int check_reason(const char *reason, struct err *err)
{
    if (reason[0] != '\0' && strlen(reason) <= MAX_REASON &&
        text_is_clean(bytes_of(reason)))
        return 0;
    return err_set(
        err, ERR_USAGE, "a reason has 1 to %d bytes of plain text", MAX_REASON);
}

int authority_revoke(struct authority *authority, const struct laestab *laestab,
    const char *reason, wall now, struct err *err)
{
    SCOPED(draft_free) struct draft draft = {.arena = ARENA_EMPTY};
    struct directory_school *school;
    int rc = check_reason(reason, err);

    if (rc == 0)
        rc = draft_next(&draft, authority->members, 0, now, err);
    if (rc < 0)
        return rc;
    school = draft_school(&draft, laestab);
    if (school == NULL)
        return err_set(
            err, ERR_NOT_FOUND, "there is no school %s here", laestab->text);
    if (school->status == MEMBER_REVOKED)
        return err_set(
            err, ERR_EXISTS, "school %s is revoked already", laestab->text);
    school->status = MEMBER_REVOKED;
    school->status_since = now;
    school->reason = reason;
    return publish(authority, &draft, now, err);
}

int authority_revoke_hub(struct authority *authority, const char *endpoint,
    wall now, struct err *err)
{
    SCOPED(draft_free) struct draft draft = {.arena = ARENA_EMPTY};
    struct directory_hub *hub;
    int rc = draft_next(&draft, authority->members, 0, now, err);

    if (rc < 0)
        return rc;
    hub = draft_hub(&draft, endpoint);
    if (hub == NULL)
        return err_set(err, ERR_NOT_FOUND, "there is no hub %s here", endpoint);
    if (hub->status != MEMBER_ACTIVE)
        return err_set(err, ERR_EXISTS, "hub %s is revoked already", endpoint);
    hub->status = MEMBER_REVOKED;
    return publish(authority, &draft, now, err);
}

int authority_renew(struct authority *authority, wall now, struct err *err)
{
    SCOPED(draft_free) struct draft draft = {.arena = ARENA_EMPTY};
    int rc = draft_next(&draft, authority->members, 0, now, err);

    return rc < 0 ? rc : publish(authority, &draft, now, err);
}
