#include "trust/authority.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
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
#include "trust/papers.h"

#define HOUR_MS ((int64_t)60 * 60 * 1000)
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

/* What authority_create() makes, in this order; the last one ends it. */
static const char *const FILES[] = {"authority.key", "authority.crt",
    "directory.key", "directory.crt", "admin.curve.key", "admin.curve.pub",
    "history/1.cms", "directory.cms"};
#define FILE_COUNT (sizeof FILES / sizeof FILES[0])

static int lock_folder(struct authority *authority, struct err *err)
{
    authority->lock = open(authority->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (authority->lock < 0)
        return err_errno(err, authority->dir);
    if (flock(authority->lock, LOCK_EX | LOCK_NB) == 0)
        return 0;
    if (errno == EWOULDBLOCK)
        return err_set(err, ERR_BUSY,
            "another command is changing %s; try again when it is done",
            authority->dir);
    return err_errno(err, authority->dir);
}

/* Sign the draft, check the result as everybody else will, and keep it. */
static int publish(struct authority *authority, const struct draft *draft,
    wall now, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(authority->dir, "directory.cms");
    SCOPED(mem_freep)
    char *copy = mem_format(
        "%s/history/%" PRIu64 ".cms", authority->dir, draft->content.version);
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    SCOPED(members_freep) struct members *members = NULL;
    const struct members_trust trust = {
        .authority = authority->cert, .signer = authority->signer};
    int rc = draft_sign(
        &file, draft, authority->directory_key, authority->signer, err);

    if (rc == 0)
        rc = members_load(&members, buf_bytes(&file), &trust, now, err);
    if (rc == 0)
        rc = file_write(copy, buf_bytes(&file), FILE_PUBLIC, err);
    if (rc == 0)
        rc = file_write(path, buf_bytes(&file), FILE_PUBLIC, err);
    if (rc < 0)
        return rc;
    members_free(authority->members);
    authority->members = TAKE(members);
    return 0;
}

/* ---- create ---- */

static int make_pair(struct key **key, struct cert **cert,
    const struct authority *issuer, enum cert_profile profile,
    const struct cert_subject *subject, wall now, struct err *err)
{
    const wall from = {now.ms - AUTHORITY_BACKDATE_HOURS * HOUR_MS};
    const wall until = {now.ms + AUTHORITY_CA_DAYS * 24 * HOUR_MS};
    int rc = key_new(key, err);

    if (rc < 0)
        return rc;
    return cert_issue(cert, profile, subject, *key, issuer->cert,
        issuer->cert == NULL ? *key : issuer->key, from, until, err);
}

static int make_keys(
    struct authority *authority, const char *name, wall now, struct err *err)
{
    SCOPED(mem_freep) char *signer = mem_format("%.100s directory", name);
    const struct cert_subject ca = {name, name};
    const struct cert_subject directory = {signer, name};
    int rc = make_pair(&authority->key, &authority->cert, authority,
        CERT_AUTHORITY, &ca, now, err);

    if (rc == 0)
        rc = make_pair(&authority->directory_key, &authority->signer, authority,
            CERT_DIRECTORY, &directory, now, err);
    return rc;
}

static int save_keys(
    const struct authority *authority, const char *passphrase, struct err *err)
{
    SCOPED(mem_freep) char *key = file_path(authority->dir, "authority.key");
    SCOPED(mem_freep) char *signer = file_path(authority->dir, "directory.key");
    SCOPED(mem_freep) char *history = file_path(authority->dir, "history");
    int rc = key_save(authority->key, key, passphrase, err);

    if (rc == 0)
        rc = folder_save_cert(
            authority->dir, "authority.crt", authority->cert, err);
    if (rc == 0)
        rc = key_save(authority->directory_key, signer, passphrase, err);
    if (rc == 0)
        rc = folder_save_cert(
            authority->dir, "directory.crt", authority->signer, err);
    if (rc == 0)
        rc = folder_save_curve(authority->dir, "admin.curve",
            authority->curve_public, authority->curve_secret, err);
    if (rc == 0)
        rc = file_make_dir(history, err);
    return rc;
}

static int publish_first(
    struct authority *authority, const char *name, wall now, struct err *err)
{
    SCOPED(draft_free) struct draft draft = {.arena = ARENA_EMPTY};
    struct directory_administrator administrator = {.name = "administrator"};

    memcpy(administrator.curve_key, authority->curve_public, CURVE_KEY_SIZE);
    draft_first(&draft, name, &administrator, now);
    return publish(authority, &draft, now, err);
}

static void remove_made(const char *dir)
{
    SCOPED(mem_freep) char *history = file_path(dir, "history");

    for (size_t i = 0; i < FILE_COUNT; i++) {
        SCOPED(mem_freep) char *path = file_path(dir, FILES[i]);

        unlink(path);
    }
    rmdir(history);
}

static int check_free(const char *dir, struct err *err)
{
    for (size_t i = 0; i < FILE_COUNT; i++)
        if (folder_has(dir, FILES[i]))
            return err_set(err, ERR_EXISTS,
                "there is an authority in %s already (%s); it was left as it "
                "is",
                dir, FILES[i]);
    return 0;
}

int authority_create(const char *dir, const char *name, const char *passphrase,
    const char *curve_public, const char *curve_secret, wall now,
    struct err *err)
{
    SCOPED(authority_closep)
    struct authority *authority = mem_alloc(sizeof *authority);
    int rc;

    authority->lock = -1;
    authority->dir = mem_text(dir);
    if (name[0] == '\0' || strlen(name) > DIRECTORY_MAX_NAME ||
        !text_is_clean(bytes_of(name)))
        return err_set(err, ERR_USAGE,
            "a name has 1 to %d bytes of ordinary text", DIRECTORY_MAX_NAME);
    snprintf(authority->curve_public, CURVE_KEY_SIZE, "%s", curve_public);
    snprintf(authority->curve_secret, CURVE_KEY_SIZE, "%s", curve_secret);
    rc = file_make_dir(dir, err);
    if (rc == 0)
        rc = lock_folder(authority, err);
    if (rc == 0)
        rc = check_free(dir, err);
    if (rc < 0)
        return rc;
    rc = make_keys(authority, name, now, err);
    if (rc == 0)
        rc = save_keys(authority, passphrase, err);
    if (rc == 0)
        rc = publish_first(authority, name, now, err);
    if (rc < 0)
        remove_made(dir);
    return rc;
}

/* ---- open ---- */

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
        rc = lock_folder(authority, err);
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

/* ---- change ---- */

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
