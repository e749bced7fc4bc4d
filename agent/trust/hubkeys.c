#include "trust/hubkeys.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "trust/authority.h"
#include "trust/folder.h"
#include "trust/papers.h"

#define HOUR_MS ((int64_t)60 * 60 * 1000)
#define REQUEST "next-request"

static int move(
    const char *folder, const char *from, const char *to, struct err *err)
{
    SCOPED(mem_freep) char *old = file_path(folder, from);
    SCOPED(mem_freep) char *new = file_path(folder, to);

    if (!folder_has(folder, from))
        return 0;
    if (rename(old, new) < 0)
        return err_errno(err, old);
    return file_sync_folder(new, err);
}

static void drop(const char *folder)
{
    static const char *const names[] = {REQUEST, "next-sign.crt",
        "next-sign.key", "next-curve.pub", "next-curve.key"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        SCOPED(mem_freep) char *path = file_path(folder, names[i]);

        unlink(path);
    }
}

/* --- asking --- */

/* A new signing key in next-sign.key, or the one that we have. */
static int signing_key(
    struct key **out, const char *folder, bool fresh, struct err *err)
{
    SCOPED(mem_freep) char *next = file_path(folder, "next-sign.key");
    SCOPED(mem_freep) char *have = file_path(folder, "sign.key");
    int rc;

    if (!fresh)
        return key_load(out, have, NULL, err);
    rc = key_new(out, err);
    return rc < 0 ? rc : key_save(*out, next, NULL, err);
}

static int write_request(struct buf *out, const struct identity *identity,
    const struct renewal_wish *wish, wall now, const char *folder,
    struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(folder, REQUEST);
    SCOPED(key_freep) struct key *sign = NULL;
    SCOPED(buf_free) struct buf public = BUF_EMPTY;
    const bool transport = wish->parts & RENEWAL_TRANSPORT;
    struct enrolment_request wanted = {.kind = ENROLMENT_HUB,
        .urn = "",
        .name = identity->name,
        .endpoint = identity->endpoint,
        .created = now,
        .renews = true};
    int rc = signing_key(&sign, folder,
        identity->sign_key == NULL || wish->parts & RENEWAL_SIGN, err);

    if (rc == 0)
        rc = key_public(&public, sign, err);
    if (rc == 0 && transport)
        rc = folder_save_curve(
            folder, "next-curve", wish->curve_public, wish->curve_secret, err);
    wanted.sign_key = buf_bytes(&public);
    snprintf(wanted.curve_key, CURVE_KEY_SIZE, "%s",
        transport ? wish->curve_public : identity->curve_public);
    if (rc == 0)
        rc = papers_write_request(out, &wanted, sign, err);
    return rc < 0 ? rc : file_write(path, buf_bytes(out), FILE_PUBLIC, err);
}

int hubkeys_begin(struct buf *request, const struct identity *identity,
    const struct renewal_wish *wish, wall now, struct err *err)
{
    SCOPED(mem_freep) char *folder = file_path(identity->state, "identity");
    SCOPED(papers_own_free) struct papers_own own = {0};
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    const struct directory_hub *me =
        members_hub(identity->members, identity->endpoint);
    int rc;

    if (me == NULL || me->status != MEMBER_ACTIVE)
        return err_set(err, ERR_STATE,
            "only an active hub of the cluster can change its keys");
    if (me->former_curve_key[0] != '\0' && folder_has(folder, "next-curve.key"))
        return err_set(err, ERR_STATE,
            "the last change of the transport key is not over: the one of "
            "before is in use for %d days",
            AUTHORITY_OVERLAP_DAYS);
    if (wish->anew)
        drop(folder);
    if (renewal_load_own(&own, folder, NULL) == 0) {
        buf_add(request, buf_bytes(&own.file));
        return 0;
    }
    drop(folder); /* half made */
    rc = write_request(&file, identity, wish, now, folder, err);
    if (rc < 0)
        drop(folder);
    else
        buf_add(request, buf_bytes(&file));
    return rc;
}

/* --- the directory is the answer --- */

static struct cert *find_cert(
    const struct directory_hub *me, const struct key *key)
{
    for (size_t i = 0; i < me->sign_count; i++) {
        struct cert *cert = NULL;

        if (cert_parse(&cert, me->sign_certificates[i], NULL) == 0 &&
            cert_matches(cert, key))
            return cert;
        cert_free(cert);
    }
    return NULL;
}

int hubkeys_resume(const char *folder, struct err *err)
{
    int rc = 0;

    /* Each pair of files that take their places one after the other: when the
     * first has, the second must. */
    if (!folder_has(folder, "next-sign.key") &&
        folder_has(folder, "next-sign.crt"))
        rc = move(folder, "next-sign.crt", "sign.crt", err);
    if (rc == 0 && !folder_has(folder, "next-curve.pub") &&
        folder_has(folder, "next-curve.key"))
        rc = move(folder, "next-curve.key", "curve.key", err);
    return rc;
}

static int take_signing_key(
    const char *folder, const struct cert *cert, struct err *err)
{
    int rc;

    if (!folder_has(folder, "next-sign.key"))
        return folder_save_cert(folder, "sign.crt", cert, err);
    rc = folder_save_cert(folder, "next-sign.crt", cert, err);
    if (rc == 0)
        rc = move(folder, "next-sign.key", "sign.key", err);
    return rc < 0 ? rc : move(folder, "next-sign.crt", "sign.crt", err);
}

/* Agents that were away may still come with the old one. */
static bool overlap_is_over(
    const struct directory_hub *me, const struct cert *newest, wall now)
{
    return me->former_curve_key[0] == '\0' ||
           cert_start(newest).ms +
                   (AUTHORITY_OVERLAP_DAYS * 24 + AUTHORITY_BACKDATE_HOURS) *
                       HOUR_MS <=
               now.ms;
}

static int take_transport_key(const char *folder, struct err *err)
{
    int rc = move(folder, "next-curve.pub", "curve.pub", err);

    if (rc == 0)
        rc = move(folder, "next-curve.key", "curve.key", err);
    return rc < 0 ? rc : move(folder, REQUEST, "request", err);
}

/* The key that is asked for, or the one that we have. */
static int wanted_key(
    struct key **out, const struct papers_own *own, struct err *err)
{
    return key_from_public(out, own->request.sign_key, err);
}

static int settle_next(struct identity *identity,
    const struct directory_hub *me, wall now, const char *folder,
    struct err *err)
{
    SCOPED(papers_own_free) struct papers_own own = {0};
    SCOPED(key_freep) struct key *key = NULL;
    SCOPED(cert_freep) struct cert *cert = NULL;
    int rc = renewal_load_own(&own, folder, err);

    if (rc == 0)
        rc = wanted_key(&key, &own, err);
    if (rc < 0 || strcmp(me->curve_key, own.request.curve_key) != 0)
        return rc;
    cert = find_cert(me, key);
    if (cert == NULL)
        return 0;
    if (identity->sign_cert == NULL || folder_has(folder, "next-sign.key") ||
        cert_start(cert).ms > cert_start(identity->sign_cert).ms)
        rc = take_signing_key(folder, cert, err);
    if (rc == 0 && (!folder_has(folder, "next-curve.key") ||
                       overlap_is_over(me, cert, now)))
        rc = take_transport_key(folder, err);
    return rc < 0 ? rc : identity_reload(identity, err);
}

int hubkeys_settle(
    bool *moved, struct identity *identity, wall now, struct err *err)
{
    SCOPED(mem_freep) char *folder = file_path(identity->state, "identity");
    const struct directory_hub *me =
        members_hub(identity->members, identity->endpoint);
    char before[CURVE_KEY_SIZE];
    int rc;

    *moved = false;
    if (identity->kind != ENROLMENT_HUB || me == NULL ||
        me->status != MEMBER_ACTIVE || !folder_has(folder, REQUEST))
        return 0;
    memcpy(before, identity->curve_public, sizeof before);
    rc = settle_next(identity, me, now, folder, err);
    *moved = strcmp(before, identity->curve_public) != 0;
    return rc;
}
