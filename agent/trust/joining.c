#include "trust/joining.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "trust/folder.h"
#include "trust/kept.h"
#include "trust/members.h"
#include "trust/papers.h"
#include "trust/renewal.h"
#include "trust/words.h"

/* A welcome, taken apart and parsed. */
struct offer {
    struct arena arena;
    struct enrolment_welcome welcome;
    struct cert *authority;
    struct cert *signer;
    struct cert *sign; /* NULL for a hub of an older version */
    struct cert *encrypt;
    struct members *directory;
    bool renews; /* it answers next-request, not request */
};

static void offer_free(struct offer *offer)
{
    cert_free(offer->authority);
    cert_free(offer->signer);
    cert_free(offer->sign);
    cert_free(offer->encrypt);
    members_free(offer->directory);
    arena_free(&offer->arena);
}

static int check_addressee(
    const struct offer *offer, const struct papers_own *own, struct err *err)
{
    const struct enrolment_welcome *welcome = &offer->welcome;

    if (welcome->kind != own->request.kind ||
        !laestab_equal(&welcome->laestab, &own->request.laestab))
        return err_set(err, ERR_DENIED, "this welcome is for %s, not for %s",
            welcome->kind == ENROLMENT_HUB ? "a hub" : welcome->laestab.text,
            own->request.kind == ENROLMENT_HUB ? "a hub"
                                               : own->request.laestab.text);
    if (memcmp(&welcome->request, &own->digest, sizeof own->digest) != 0)
        return err_set(err, ERR_DENIED,
            "this welcome answers another request than the one in this "
            "folder; send the cluster administrator this folder's request");
    return 0;
}

static bool same_cert(const struct cert *a, const struct cert *b)
{
    const struct bytes x = cert_der(a), y = cert_der(b);

    return x.len == y.len && memcmp(x.data, y.data, x.len) == 0;
}

/* The authority of a first welcome is taken; a later one must be the same, or
 * the one that this one has announced in a directory. */
static int check_authority(
    struct offer *offer, const char *folder, struct err *err)
{
    SCOPED(cert_freep) struct cert *known = NULL;
    SCOPED(cert_freep) struct cert *announced = NULL;
    int rc = cert_parse(&offer->authority, offer->welcome.authority, err);

    if (rc == 0)
        rc =
            cert_check(offer->authority, offer->authority, CERT_AUTHORITY, err);
    if (rc < 0)
        return err_wrap(err, rc, "the authority's certificate");
    rc = folder_load_cert(&known, folder, "authority.crt", err);
    if (rc == ERR_NOT_FOUND)
        return 0;
    if (rc < 0)
        return rc;
    if (!same_cert(known, offer->authority) &&
        (folder_load_cert(&announced, folder, "authority-next.crt", NULL) < 0 ||
            !same_cert(announced, offer->authority)))
        return err_set(err, ERR_DENIED,
            "this welcome is of another authority than the one joined before; "
            "if that is meant, enrol anew in another --state, else tell your "
            "cluster administrator");
    return 0;
}

/* A certificate from the welcome is the authority's word about OUR key. */
static int check_own_cert(struct cert **out, struct bytes der,
    const struct key *key, const struct cert *authority,
    enum cert_profile profile, wall now, struct err *err)
{
    int rc = cert_parse(out, der, err);

    if (rc == 0)
        rc = cert_check(*out, authority, profile, err);
    if (rc == 0)
        rc = cert_check_time(*out, now, err);
    if (rc == 0 && !cert_matches(*out, key))
        rc = err_set(err, ERR_CERTIFICATE, "it is for another key than ours");
    return rc;
}

/* The new key, if there is one and the welcome is for it. */
static char *key_path(const char *folder, const char *name, bool renews)
{
    SCOPED(mem_freep) char *next = mem_format("next-%s", name);

    return file_path(folder, renews && folder_has(folder, next) ? next : name);
}

static int check_own_certs(
    struct offer *offer, const char *folder, wall now, struct err *err)
{
    SCOPED(mem_freep)
    char *sign_path = key_path(folder, "sign.key", offer->renews);
    SCOPED(mem_freep)
    char *encrypt_path = key_path(folder, "encrypt.key", offer->renews);
    SCOPED(key_freep) struct key *sign = NULL;
    SCOPED(key_freep) struct key *encrypt = NULL;
    const bool is_hub = offer->welcome.kind == ENROLMENT_HUB;
    int rc = key_load(&sign, sign_path, NULL, err);

    if (rc == 0 && !is_hub)
        rc = key_load(&encrypt, encrypt_path, NULL, err);
    if (rc < 0)
        return rc;
    rc = check_own_cert(&offer->sign, offer->welcome.sign_certificate, sign,
        offer->authority, is_hub ? CERT_HUB : CERT_SIGN, now, err);
    if (rc < 0)
        return err_wrap(err, rc, "the signing certificate");
    if (is_hub)
        return 0;
    rc = check_own_cert(&offer->encrypt, offer->welcome.encrypt_certificate,
        encrypt, offer->authority, CERT_ENCRYPT, now, err);
    return rc < 0 ? err_wrap(err, rc, "the encryption certificate") : 0;
}

static int check_directory(struct offer *offer, wall now, struct err *err)
{
    struct members_trust trust = {.authority = offer->authority};
    int rc = cert_parse(&offer->signer, offer->welcome.directory_signer, err);

    if (rc < 0)
        return err_wrap(err, rc, "the directory's signer");
    trust.signer = offer->signer;
    return members_load(
        &offer->directory, offer->welcome.directory, &trust, now, err);
}

static bool is_listed(
    const struct cert *cert, const struct bytes *list, size_t count)
{
    const struct bytes der = cert_der(cert);

    for (size_t i = 0; i < count; i++)
        if (list[i].len == der.len &&
            memcmp(list[i].data, der.data, der.len) == 0)
            return true;
    return false;
}

static int not_listed(const struct members *members, struct err *err)
{
    return err_set(err, ERR_STATE,
        "directory %" PRIu64 " does not name us with these keys and "
        "certificates; ask the cluster administrator for a new welcome",
        members_version(members));
}

/* The directory in force says the same of us as the welcome does. */
static int check_listed(const struct members *members,
    const struct offer *offer, const struct enrolment_request *own,
    struct err *err)
{
    const struct directory_school *school =
        members_school(members, &own->laestab);
    const struct directory_hub *hub = members_hub(members, own->endpoint);
    const bool is_hub = own->kind == ENROLMENT_HUB;

    if (is_hub ? hub == NULL : school == NULL)
        return not_listed(members, err);
    if ((is_hub ? hub->status : school->status) != MEMBER_ACTIVE)
        return err_set(err, ERR_DENIED,
            "directory %" PRIu64 " has us as %s; talk to the cluster "
            "administrator",
            members_version(members),
            words_status(is_hub ? hub->status : school->status));
    if (strcmp(is_hub ? hub->curve_key : school->curve_key, own->curve_key) !=
        0)
        return not_listed(members, err);
    if (is_hub)
        return offer->sign == NULL ||
                       is_listed(
                           offer->sign, hub->sign_certificates, hub->sign_count)
                   ? 0
                   : not_listed(members, err);
    if (!is_listed(
            offer->sign, school->sign_certificates, school->sign_count) ||
        !is_listed(offer->encrypt, school->encrypt_certificates,
            school->encrypt_count))
        return not_listed(members, err);
    return 0;
}

/* An older directory than the stored one is not taken; then the stored one has
 * to name us. */
static int check_stored(const struct offer *offer, const char *state,
    const struct enrolment_request *own, wall now, struct err *err)
{
    SCOPED(kept_signers_free) struct kept_signers signers = {0};
    SCOPED(members_freep) struct members *stored = NULL;
    int rc = kept_load_signers(&signers, state, err);
    const struct members_trust trust = kept_trust(&signers);

    if (rc == 0)
        rc = kept_load(&stored, state, &trust, now, err);
    return rc < 0 ? rc : check_listed(stored, offer, own, err);
}

static int write_certs(const struct offer *offer, const char *folder,
    const struct papers_own *own, wall now, struct err *err)
{
    int rc = folder_save_cert(folder, "authority.crt", offer->authority, err);

    if (rc == 0 && offer->renews && own->request.kind == ENROLMENT_HUB)
        return 0; /* the directory is the answer: hubkeys_settle() */
    if (rc == 0 && offer->renews)
        return renewal_install(folder, offer->sign, offer->encrypt, now, err);

    if (rc == 0 && offer->sign != NULL)
        rc = folder_save_cert(folder, "sign.crt", offer->sign, err);
    if (rc == 0 && offer->encrypt != NULL)
        rc = folder_save_cert(folder, "encrypt.crt", offer->encrypt, err);
    return rc;
}

static int settle(const struct offer *offer, const char *state,
    const struct papers_own *own, wall now, struct err *err)
{
    SCOPED(mem_freep) char *folder = file_path(state, "identity");
    struct kept_mark mark;
    bool older;
    int rc = kept_read_mark(&mark, state, err);

    if (rc < 0)
        return rc;
    older = members_version(offer->directory) < mark.version;
    rc = older ? check_stored(offer, state, &own->request, now, err)
               : kept_check(&mark, offer->directory, err);
    if (rc == 0 && !older)
        rc = check_listed(offer->directory, offer, &own->request, err);
    if (rc == 0)
        rc = write_certs(offer, folder, own, now, err);
    if (rc == 0 && !older)
        rc = folder_save_cert(folder, "directory.crt", offer->signer, err);
    if (rc == 0 && !older)
        rc = kept_store(state, offer->directory, err);
    return rc;
}

/* The request that the welcome answers: of a change of keys, or the first. */
static int load_own(struct papers_own *own, struct offer *offer,
    const char *folder, struct err *err)
{
    struct papers_own next = {0};

    offer->renews =
        renewal_load_own(&next, folder, NULL) == 0 &&
        memcmp(&next.digest, &offer->welcome.request, sizeof next.digest) == 0;
    if (offer->renews) {
        *own = next;
        return 0;
    }
    papers_own_free(&next);
    return papers_load_own(own, folder, err);
}

int joining_take(
    const char *state, struct bytes welcome, wall now, struct err *err)
{
    SCOPED(mem_freep) char *folder = file_path(state, "identity");
    SCOPED(papers_own_free) struct papers_own own = {0};
    SCOPED(offer_free) struct offer offer = {0};
    int rc = renewal_resume(folder, err);

    if (rc == 0)
        rc = papers_read_welcome(&offer.welcome, welcome, &offer.arena, err);
    if (rc == 0)
        rc = load_own(&own, &offer, folder, err);
    if (rc == 0)
        rc = check_addressee(&offer, &own, err);
    if (rc == 0)
        rc = check_authority(&offer, folder, err);
    if (rc == 0 && own.request.sign_key.len > 0)
        rc = check_own_certs(&offer, folder, now, err);
    if (rc == 0)
        rc = check_directory(&offer, now, err);
    return rc < 0 ? rc : settle(&offer, state, &own, now, err);
}
