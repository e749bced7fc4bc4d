#include "trust/renewal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "crypto/seal.h"
#include "trust/folder.h"
#include "trust/former.h"

#define REQUEST "next-request"
#define READY "next-ready"
#define MAX_READY ((size_t)32)
#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

/* In the order in which they take their places; the request is the last, so
 * that it waits until all has. */
static const char *const NEXT[] = {"encrypt.key", "encrypt.crt", "sign.key",
    "sign.crt", "curve.pub", "curve.key", "request"};
#define NEXT_COUNT (sizeof NEXT / sizeof NEXT[0])

static char *next_path(const char *folder, const char *name)
{
    return mem_format("%s/next-%s", folder, name);
}

static void drop(const char *folder)
{
    for (size_t i = NEXT_COUNT; i-- > 0;) {
        SCOPED(mem_freep) char *path = next_path(folder, NEXT[i]);

        unlink(path);
    }
}

/* --- asking --- */

static int public_of(struct buf *out, const struct cert *cert, struct err *err)
{
    SCOPED(key_freep) struct key *key = NULL;
    int rc = cert_key(&key, cert, err);

    return rc < 0 ? rc : key_public(out, key, err);
}

/* A new private key in next-NAME, or the public half of the one we have. */
static int next_key(struct buf *public, struct key **key, const char *folder,
    const char *name, bool fresh, const struct cert *now, struct err *err)
{
    SCOPED(mem_freep) char *path = next_path(folder, name);
    int rc;

    if (!fresh)
        return public_of(public, now, err);
    rc = key_new(key, err);
    if (rc == 0)
        rc = key_save(*key, path, NULL, err);
    return rc < 0 ? rc : key_public(public, *key, err);
}

static int write_request(struct buf *out, struct enrolment_request *wanted,
    const struct identity *identity, const struct renewal_wish *wish,
    const char *folder, struct err *err)
{
    SCOPED(key_freep) struct key *sign = NULL;
    SCOPED(key_freep) struct key *encrypt = NULL;
    SCOPED(buf_free) struct buf sign_public = BUF_EMPTY;
    SCOPED(buf_free) struct buf encrypt_public = BUF_EMPTY;
    SCOPED(mem_freep) char *path = file_path(folder, REQUEST);
    const bool transport = wish->parts & RENEWAL_TRANSPORT;
    int rc = next_key(&sign_public, &sign, folder, "sign.key",
        wish->parts & RENEWAL_SIGN, identity->sign_cert, err);

    if (rc == 0)
        rc = next_key(&encrypt_public, &encrypt, folder, "encrypt.key",
            wish->parts & RENEWAL_ENCRYPT, identity->encrypt_cert, err);
    if (rc == 0 && transport)
        rc = folder_save_curve(
            folder, "next-curve", wish->curve_public, wish->curve_secret, err);
    wanted->sign_key = buf_bytes(&sign_public);
    wanted->encrypt_key = buf_bytes(&encrypt_public);
    snprintf(wanted->curve_key, CURVE_KEY_SIZE, "%s",
        transport ? wish->curve_public : identity->curve_public);
    if (rc == 0)
        rc = papers_write_request(
            out, wanted, sign != NULL ? sign : identity->sign_key, err);
    return rc < 0 ? rc : file_write(path, buf_bytes(out), FILE_PUBLIC, err);
}

static int same_again(struct buf *request, const char *folder, struct err *err)
{
    SCOPED(papers_own_free) struct papers_own own = {0};
    int rc = renewal_load_own(&own, folder, err);

    if (rc == 0)
        buf_add(request, buf_bytes(&own.file));
    return rc;
}

int renewal_begin(struct buf *request, const struct identity *identity,
    const struct renewal_wish *wish, wall now, struct err *err)
{
    SCOPED(mem_freep) char *folder = file_path(identity->state, "identity");
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    const struct directory_school *me =
        members_school(identity->members, &identity->laestab);
    struct enrolment_request wanted = {.kind = ENROLMENT_SCHOOL,
        .laestab = identity->laestab,
        .endpoint = "",
        .created = now};
    int rc;

    if (me == NULL || me->status != MEMBER_ACTIVE)
        return err_set(err, ERR_STATE,
            "only an active member of the cluster can change its keys");
    if (wish->anew)
        drop(folder);
    if (renewal_is_pending(identity))
        return same_again(request, folder, err);
    drop(folder); /* half made */
    wanted.urn = me->urn;
    wanted.phase = me->phase;
    wanted.name = me->name;
    rc = write_request(&file, &wanted, identity, wish, folder, err);
    if (rc < 0) {
        drop(folder);
        return rc;
    }
    buf_add(request, buf_bytes(&file));
    return 0;
}

bool renewal_is_pending(const struct identity *identity)
{
    SCOPED(mem_freep) char *folder = file_path(identity->state, "identity");

    return identity->kind == ENROLMENT_SCHOOL && folder_has(folder, REQUEST);
}

int renewal_load_own(
    struct papers_own *out, const char *folder, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(folder, REQUEST);
    int rc = file_read(&out->file, path, PAPERS_MAX_REQUEST_FILE, err);

    return rc < 0 ? rc
                  : papers_read_request(&out->request, &out->digest,
                        buf_bytes(&out->file), &out->arena, err);
}

int renewal_letter(
    struct buf *out, const struct identity *identity, struct err *err)
{
    SCOPED(mem_freep) char *folder = file_path(identity->state, "identity");
    SCOPED(papers_own_free) struct papers_own own = {0};
    int rc = renewal_load_own(&own, folder, err);

    return rc < 0 ? rc
                  : seal_sign(out, NULL, buf_bytes(&own.file),
                        identity->sign_key, identity->sign_cert, err);
}

/* --- the new keys take their places --- */

static int move(
    const char *folder, const char *from, const char *to, struct err *err)
{
    SCOPED(mem_freep) char *old = file_path(folder, from);
    SCOPED(mem_freep) char *new = file_path(folder, to);

    return rename(old, new) < 0 ? err_errno(err, old) : 0;
}

/* The old encryption key is put aside once, however often this runs. */
static int retire(const char *folder, wall until, struct err *err)
{
    SCOPED(mem_freep) char *stem = former_name(until);
    SCOPED(mem_freep) char *key = mem_format("%s.key", stem);
    SCOPED(mem_freep) char *crt = mem_format("%s.crt", stem);
    SCOPED(cert_freep) struct cert *cert = NULL;
    int rc;

    if (!folder_has(folder, "next-encrypt.key") || folder_has(folder, key))
        return 0;
    rc = folder_load_cert(&cert, folder, "encrypt.crt", err);
    if (rc == 0)
        rc = folder_save_cert(folder, crt, cert, err);
    return rc < 0 ? rc : move(folder, "encrypt.key", key, err);
}

static int take_places(const char *folder, struct err *err)
{
    for (size_t i = 0; i < NEXT_COUNT; i++) {
        SCOPED(mem_freep) char *name = mem_format("next-%s", NEXT[i]);
        int rc =
            folder_has(folder, name) ? move(folder, name, NEXT[i], err) : 0;

        if (rc < 0)
            return rc;
    }
    return 0;
}

int renewal_resume(const char *folder, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(folder, READY);
    SCOPED(buf_free) struct buf text = BUF_EMPTY;
    wall until;
    int rc = file_read(&text, path, MAX_READY, err);

    if (rc < 0)
        return rc == ERR_NOT_FOUND ? 0 : rc;
    buf_add(&text, (struct bytes){(const uint8_t *)"", 1});
    until.ms = strtoll((const char *)text.data, NULL, 10) * 1000;
    rc = retire(folder, until, err);
    if (rc == 0)
        rc = take_places(folder, err);
    if (rc == 0)
        rc = file_sync_folder(path, err);
    if (rc == 0 && unlink(path) < 0)
        rc = err_errno(err, path);
    return rc;
}

int renewal_install(const char *folder, const struct cert *sign,
    const struct cert *encrypt, wall now, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(folder, READY);
    SCOPED(buf_free) struct buf text = BUF_EMPTY;
    int rc = folder_save_cert(folder, "next-sign.crt", sign, err);

    buf_format(&text, "%" PRId64 "\n", (now.ms + FORMER_DAYS * DAY_MS) / 1000);
    if (rc == 0)
        rc = folder_save_cert(folder, "next-encrypt.crt", encrypt, err);
    if (rc == 0)
        rc = file_write(path, buf_bytes(&text), FILE_PUBLIC, err);
    return rc < 0 ? rc : renewal_resume(folder, err);
}

/* --- the directory is the answer --- */

/* The newest certificate of the list for this key, or NULL. */
static struct cert *find_cert(
    const struct bytes *list, size_t count, const struct key *key)
{
    for (size_t i = 0; i < count; i++) {
        struct cert *cert = NULL;

        if (cert_parse(&cert, list[i], NULL) == 0 && cert_matches(cert, key))
            return cert;
        cert_free(cert);
    }
    return NULL;
}

/* Its certificates for these two keys; false: it has not both. */
static bool find_both(struct cert **sign, struct cert **encrypt,
    const struct directory_school *me, const struct key *sign_key,
    const struct key *encrypt_key)
{
    *sign = find_cert(me->sign_certificates, me->sign_count, sign_key);
    *encrypt =
        find_cert(me->encrypt_certificates, me->encrypt_count, encrypt_key);
    return *sign != NULL && *encrypt != NULL;
}

static int settle_next(bool *changed, struct identity *identity,
    const struct directory_school *me, wall now, struct err *err)
{
    SCOPED(mem_freep) char *folder = file_path(identity->state, "identity");
    SCOPED(papers_own_free) struct papers_own own = {0};
    SCOPED(key_freep) struct key *sign_key = NULL;
    SCOPED(key_freep) struct key *encrypt_key = NULL;
    SCOPED(cert_freep) struct cert *sign = NULL;
    SCOPED(cert_freep) struct cert *encrypt = NULL;
    int rc = renewal_load_own(&own, folder, err);

    if (rc == 0)
        rc = key_from_public(&sign_key, own.request.sign_key, err);
    if (rc == 0)
        rc = key_from_public(&encrypt_key, own.request.encrypt_key, err);
    if (rc < 0 || strcmp(me->curve_key, own.request.curve_key) != 0 ||
        !find_both(&sign, &encrypt, me, sign_key, encrypt_key))
        return rc;
    rc = renewal_install(folder, sign, encrypt, now, err);
    if (rc == 0)
        rc = identity_reload(identity, err);
    *changed = rc == 0;
    return rc;
}

static bool is_same(const struct cert *a, const struct cert *b)
{
    const struct bytes x = cert_der(a), y = cert_der(b);

    return x.len == y.len && memcmp(x.data, y.data, x.len) == 0;
}

/* Newer certificates for the keys we have: of another authority, say. */
static int settle_same(bool *changed, struct identity *identity,
    const struct directory_school *me, struct err *err)
{
    SCOPED(mem_freep) char *folder = file_path(identity->state, "identity");
    SCOPED(cert_freep) struct cert *sign = NULL;
    SCOPED(cert_freep) struct cert *encrypt = NULL;
    int rc;

    if (!find_both(
            &sign, &encrypt, me, identity->sign_key, identity->encrypt_key)) {
        /* `moveup join` may have put others in their place meanwhile. */
        *changed = identity_reload(identity, NULL) == 0;
        return 0;
    }
    if (is_same(sign, identity->sign_cert) &&
        is_same(encrypt, identity->encrypt_cert))
        return 0;
    rc = folder_save_cert(folder, "sign.crt", sign, err);
    if (rc == 0)
        rc = folder_save_cert(folder, "encrypt.crt", encrypt, err);
    if (rc == 0)
        rc = identity_reload(identity, err);
    *changed = rc == 0;
    return rc;
}

int renewal_settle(
    bool *changed, struct identity *identity, wall now, struct err *err)
{
    const struct directory_school *me =
        members_school(identity->members, &identity->laestab);

    *changed = false;
    if (identity->kind != ENROLMENT_SCHOOL || me == NULL ||
        me->status != MEMBER_ACTIVE)
        return 0;
    if (renewal_is_pending(identity)) {
        int rc = settle_next(changed, identity, me, now, err);

        if (rc < 0 || *changed)
            return rc;
    }
    return settle_same(changed, identity, me, err);
}
