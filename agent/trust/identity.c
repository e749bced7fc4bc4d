#include "trust/identity.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "crypto/cert.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "trust/folder.h"
#include "trust/former.h"
#include "trust/hubkeys.h"
#include "trust/joining.h"
#include "trust/kept.h"
#include "trust/keyring.h"
#include "trust/papers.h"
#include "trust/renewal.h"
#include "trust/words.h"

static bool same_member(
    const struct enrolment_request *a, const struct enrolment_request *b)
{
    if (a->kind != b->kind || strcmp(a->name, b->name) != 0)
        return false;
    if (a->kind == ENROLMENT_HUB)
        return strcmp(a->endpoint, b->endpoint) == 0;
    return laestab_equal(&a->laestab, &b->laestab) &&
           strcmp(a->urn, b->urn) == 0 && a->phase == b->phase;
}

static int same_again(struct buf *request, const char *folder,
    const struct enrolment_request *wanted, struct err *err)
{
    SCOPED(papers_own_free) struct papers_own own = {0};
    const struct enrolment_request *is = &own.request;
    int rc = papers_load_own(&own, folder, err);

    if (rc < 0)
        return rc;
    if (!same_member(is, wanted) && is->kind == ENROLMENT_HUB)
        return err_set(err, ERR_EXISTS,
            "this folder is enrolled already, as hub %s at %s; to be "
            "another, use another --state",
            is->name, is->endpoint);
    if (!same_member(is, wanted))
        return err_set(err, ERR_EXISTS,
            "this folder is enrolled already, as %s (URN %s) %s, %s; to be "
            "another, use another --state",
            is->laestab.text, is->urn, is->name, words_phase(is->phase));
    buf_add(request, buf_bytes(&own.file));
    return 0;
}

int identity_enrol(struct buf *request, const char *state,
    const struct identity_wish *wish, wall now, struct err *err)
{
    SCOPED(mem_freep) char *folder = file_path(state, "identity");
    struct enrolment_request wanted = {
        .kind = wish->kind,
        .laestab = wish->laestab,
        .urn = wish->urn == NULL ? "" : wish->urn,
        .phase = wish->phase,
        .name = wish->name,
        .endpoint = wish->endpoint == NULL ? "" : wish->endpoint,
        .created = now,
    };
    int rc = papers_check_member(&wanted, err);

    if (rc < 0)
        return rc;
    snprintf(wanted.curve_key, CURVE_KEY_SIZE, "%s", wish->curve_public);
    if (folder_has(folder, "request"))
        return same_again(request, folder, &wanted, err);
    return keyring_make(request, state, &wanted, wish->curve_secret, err);
}

int identity_join(
    const char *state, struct bytes welcome, wall now, struct err *err)
{
    return joining_take(state, welcome, now, err);
}

static void take_request(
    struct identity *identity, const struct enrolment_request *request)
{
    identity->kind = request->kind;
    identity->laestab = request->laestab;
    identity->phase = request->phase;
    identity->name = mem_text(request->name);
    identity->endpoint =
        mem_text(request->kind == ENROLMENT_HUB ? request->endpoint : "");
}

static int load_key(
    struct key **out, const char *folder, const char *name, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(folder, name);

    return key_load(out, path, NULL, err);
}

/* A hub of an older version has no key, and one that was told of its first key
 * has no certificate for it before its new welcome. */
static bool signs(enum enrolment_kind kind, const char *folder)
{
    return kind == ENROLMENT_SCHOOL ||
           (folder_has(folder, "sign.key") && folder_has(folder, "sign.crt"));
}

static int load_keys(
    struct identity *identity, const char *folder, struct err *err)
{
    int rc = folder_load_curve(
        identity->curve_public, identity->curve_secret, folder, "curve", err);

    if (rc == 0 && signs(identity->kind, folder))
        rc = load_key(&identity->sign_key, folder, "sign.key", err);
    if (rc == 0 && identity->kind == ENROLMENT_SCHOOL)
        rc = load_key(&identity->encrypt_key, folder, "encrypt.key", err);
    if (rc == 0)
        rc =
            former_load(identity->former, &identity->former_count, folder, err);
    return rc;
}

static int load_cert_for(struct cert **out, const char *folder,
    const char *name, const struct key *key, struct err *err)
{
    int rc = folder_load_cert(out, folder, name, err);

    if (rc == 0 && !cert_matches(*out, key))
        rc = err_set(err, ERR_CERTIFICATE,
            "%s is not for the key beside it; run moveup join again", name);
    return rc;
}

static int load_certs(
    struct identity *identity, const char *folder, struct err *err)
{
    int rc = 0;

    if (identity->sign_key != NULL)
        rc = load_cert_for(
            &identity->sign_cert, folder, "sign.crt", identity->sign_key, err);
    if (rc == 0 && identity->kind == ENROLMENT_SCHOOL)
        rc = load_cert_for(&identity->encrypt_cert, folder, "encrypt.crt",
            identity->encrypt_key, err);
    return rc;
}

/* For the while of a kept_ call: the identity's signers, lent and taken back.
 */
static struct kept_signers lend(const struct identity *identity)
{
    return (struct kept_signers){identity->signer, identity->next_signer,
        identity->authority, identity->next_authority};
}

static void take_back(
    struct identity *identity, const struct kept_signers *signers)
{
    identity->signer = signers->now;
    identity->next_signer = signers->next;
    identity->authority = signers->authority;
    identity->next_authority = signers->next_authority;
}

static int follow_signers(
    struct identity *identity, const struct members *accepted, struct err *err)
{
    struct kept_signers signers = lend(identity);
    int rc = kept_follow_signers(&signers, identity->state, accepted, err);

    take_back(identity, &signers);
    return rc;
}

static struct members_trust trust_of(const struct identity *identity)
{
    const struct kept_signers signers = lend(identity);

    return kept_trust(&signers);
}

static int load_directory(struct identity *identity, wall now, struct err *err)
{
    struct kept_signers signers = {0};
    int rc = kept_load_signers(&signers, identity->state, err);
    struct members_trust trust;

    take_back(identity, &signers);
    if (rc < 0)
        return rc;
    trust = trust_of(identity);
    rc = kept_load(&identity->members, identity->state, &trust, now, err);
    return rc < 0 ? rc : follow_signers(identity, identity->members, err);
}

int identity_open(
    struct identity **out, const char *state, wall now, struct err *err)
{
    SCOPED(mem_freep) char *folder = file_path(state, "identity");
    SCOPED(papers_own_free) struct papers_own own = {0};
    SCOPED(identity_closep)
    struct identity *identity = mem_alloc(sizeof *identity);
    int rc = papers_load_own(&own, folder, err);

    if (rc < 0)
        return rc;
    identity->state = mem_text(state);
    take_request(identity, &own.request);
    rc = identity->kind == ENROLMENT_HUB ? hubkeys_resume(folder, err)
                                         : renewal_resume(folder, err);
    if (rc == 0)
        rc = load_keys(identity, folder, err);
    if (rc < 0)
        return rc;
    rc = load_certs(identity, folder, err);
    if (rc == 0)
        rc = load_directory(identity, now, err);
    if (rc == 0 && identity->kind == ENROLMENT_HUB &&
        kept_load_bridge(&identity->bridge, state, now, NULL) < 0)
        identity->bridge = NULL; /* none, or too old to lead anybody */
    if (rc == ERR_NOT_FOUND)
        return err_set(err, ERR_NOT_FOUND,
            "enrolled, but no welcome was taken yet; run: moveup join");
    if (rc == 0)
        *out = TAKE(identity);
    return rc;
}

void identity_describe(
    struct identity_summary *out, const struct identity *identity)
{
    const struct directory_content *content =
        members_content(identity->members);

    *out = (struct identity_summary){
        .kind = identity->kind,
        .version = content->version,
        .hard_expiry = content->hard_expiry,
    };
    snprintf(out->about, sizeof out->about, "%s %s",
        identity->kind == ENROLMENT_HUB ? identity->endpoint
                                        : identity->laestab.text,
        identity->name);
    snprintf(out->cluster, sizeof out->cluster, "%s", content->cluster);
    hash_sha256(&out->authority, cert_der(identity->authority));
    if (identity->sign_cert != NULL)
        out->certificate_expiry = cert_expiry(identity->sign_cert);
    if (identity->encrypt_cert != NULL &&
        cert_expiry(identity->encrypt_cert).ms < out->certificate_expiry.ms)
        out->certificate_expiry = cert_expiry(identity->encrypt_cert);
}

/* fresh may follow what is in force. */
static int check_follows(
    const struct members *have, const struct members *fresh, struct err *err)
{
    const struct directory_content *content = members_content(fresh);
    const struct kept_mark mark = {
        members_version(have), *members_digest(have)};
    int rc = kept_check(&mark, fresh, err);

    if (rc < 0)
        return rc;
    if (kept_is_marked(&mark, fresh))
        return err_set(err, ERR_EXISTS, "this directory is in force already");
    if (content->version == mark.version + 1 &&
        memcmp(&content->previous, &mark.digest, sizeof mark.digest) != 0)
        return err_set(err, ERR_STATE,
            "directory %" PRIu64 " does not follow from the one before; tell "
            "the cluster administrator at once",
            content->version);
    return 0;
}

static bool ends_authority(
    const struct identity *identity, const struct members *fresh)
{
    return identity->kind == ENROLMENT_HUB && members_by_next_signer(fresh) &&
           members_next_signer(identity->members) != NULL;
}

/* Before the signers move on. */
static int keep_bridge(
    struct identity *identity, const struct members *fresh, struct err *err)
{
    const struct kept_signers by = lend(identity);

    return ends_authority(identity, fresh)
               ? kept_store_bridge(identity->state, identity->members, &by, err)
               : 0;
}

static void replace(struct identity *identity, struct members *fresh)
{
    if (ends_authority(identity, fresh)) {
        members_free(identity->bridge);
        identity->bridge = identity->members;
    } else {
        members_free(identity->members);
    }
    identity->members = fresh;
}

int identity_update_directory(struct identity *identity,
    struct bytes signed_directory, wall now, struct err *err)
{
    SCOPED(members_freep) struct members *fresh = NULL;
    struct members_trust trust = trust_of(identity);
    int rc;

    trust.seen = members_version(identity->members);
    rc = members_load(&fresh, signed_directory, &trust, now, err);
    if (rc == 0)
        rc = check_follows(identity->members, fresh, err);
    if (rc == 0)
        rc = keep_bridge(identity, fresh, err);
    if (rc == 0)
        rc = kept_store(identity->state, fresh, err);
    if (rc == 0)
        rc = follow_signers(identity, fresh, err);
    if (rc < 0)
        return rc;
    replace(identity, TAKE(fresh));
    return 0;
}

/* Keys and certificates alone. */
static void forget_keys(struct identity *identity)
{
    explicit_bzero(identity->curve_secret, sizeof identity->curve_secret);
    key_free(identity->sign_key);
    key_free(identity->encrypt_key);
    cert_free(identity->sign_cert);
    cert_free(identity->encrypt_cert);
    for (size_t i = 0; i < identity->former_count; i++) {
        key_free(identity->former[i].key);
        cert_free(identity->former[i].cert);
    }
    identity->former_count = 0;
}

static void take_keys(struct identity *to, struct identity *from)
{
    forget_keys(to);
    memcpy(to->curve_public, from->curve_public, sizeof to->curve_public);
    memcpy(to->curve_secret, from->curve_secret, sizeof to->curve_secret);
    to->sign_key = TAKE(from->sign_key);
    to->encrypt_key = TAKE(from->encrypt_key);
    to->sign_cert = TAKE(from->sign_cert);
    to->encrypt_cert = TAKE(from->encrypt_cert);
    memcpy(to->former, from->former, sizeof to->former);
    to->former_count = from->former_count;
    from->former_count = 0;
}

int identity_reload(struct identity *identity, struct err *err)
{
    SCOPED(mem_freep) char *folder = file_path(identity->state, "identity");
    SCOPED(forget_keys) struct identity fresh = {.kind = identity->kind};
    int rc = load_keys(&fresh, folder, err);

    if (rc == 0)
        rc = load_certs(&fresh, folder, err);
    if (rc == 0)
        take_keys(identity, &fresh);
    return rc;
}

void identity_close(struct identity *identity)
{
    if (identity == NULL)
        return;
    forget_keys(identity);
    cert_free(identity->authority);
    cert_free(identity->signer);
    cert_free(identity->next_signer);
    cert_free(identity->next_authority);
    members_free(identity->members);
    members_free(identity->bridge);
    free(identity->name);
    free(identity->state);
    free(identity->endpoint);
    free(identity);
}
