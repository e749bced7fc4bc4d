#include "trust/authority.h"

#include <inttypes.h>
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
#include "trust/handover.h"
#include "trust/office.h"
#include "trust/papers.h"
#include "trust/succession.h"

#define MAX_REASON 200 /* bytes */

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
    SCOPED(office_free_keys) struct office_keys keys = {0};
    int rc = office_load_keys(&keys, authority->dir, "", passphrase, err);

    if (rc < 0)
        return rc;
    authority->key = TAKE(keys.key);
    authority->directory_key = TAKE(keys.directory_key);
    return 0;
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
    if (rc == 0 && need_keys)
        rc = handover_resume(dir, now, err);
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
        rc = office_sign(authority, &draft, now, err);
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
    return office_sign(authority, &draft, now, err);
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
    return office_sign(authority, &draft, now, err);
}

/* Those that are refused leave the draft as it was. */
int authority_answer(struct authority *authority,
    struct authority_renewal *renewals, size_t count, wall now, struct err *err)
{
    SCOPED(draft_free) struct draft draft = {.arena = ARENA_EMPTY};
    const struct admission_issuer issuer = {
        authority->cert, authority->key, false, now};
    int rc = draft_next(&draft, authority->members, 0, now, err);

    for (size_t i = 0; rc == 0 && i < count; i++)
        renewals[i].rc = admission_renew(&draft, &issuer, &renewals[i].school,
            renewals[i].renewal, &renewals[i].why);
    return rc < 0 ? rc : office_sign(authority, &draft, now, err);
}

int authority_change(struct authority *authority,
    const struct authority_change *change, wall now, struct err *err)
{
    SCOPED(draft_free) struct draft draft = {.arena = ARENA_EMPTY};
    int rc = draft_next(&draft, authority->members, 0, now, err);

    if (rc == 0)
        rc = succession_enter(&draft, change, now, err);
    return rc < 0 ? rc : office_sign(authority, &draft, now, err);
}

int authority_rotate(struct authority *authority, const char *passphrase,
    wall now, struct err *err)
{
    return handover_run(authority, passphrase, now, err);
}

int authority_bridge(
    struct buf *out, const struct authority *authority, struct err *err)
{
    return handover_bridge(out, authority->dir, err);
}

/* As draft_publish() leaves the folder. */
static int store(const struct authority *authority,
    const struct members *members, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(authority->dir, "directory.cms");
    SCOPED(mem_freep)
    char *copy = mem_format(
        "%s/history/%" PRIu64 ".cms", authority->dir, members_version(members));
    int rc = file_write(copy, members_signed(members), FILE_PUBLIC, err);

    return rc < 0 ? rc
                  : file_write(path, members_signed(members), FILE_PUBLIC, err);
}

int authority_adopt(struct authority *authority, struct bytes signed_directory,
    wall now, struct err *err)
{
    SCOPED(members_freep) struct members *members = NULL;
    const struct members_trust trust = {.authority = authority->cert,
        .signer = authority->signer,
        .even_expired = true};
    int rc = members_load(&members, signed_directory, &trust, now, err);

    if (rc < 0)
        return rc;
    if (members_version(members) <= members_version(authority->members))
        return err_set(err, ERR_EXISTS,
            "this folder has directory %" PRIu64 " already",
            members_version(authority->members));
    if (members_next_authority(members) != NULL)
        return err_set(err, ERR_CERTIFICATE,
            "directory %" PRIu64 " hands the cluster over to an authority with "
            "other keys than these",
            members_version(members));
    rc = store(authority, members, err);
    if (rc < 0)
        return rc;
    members_free(authority->members);
    authority->members = TAKE(members);
    return 0;
}
