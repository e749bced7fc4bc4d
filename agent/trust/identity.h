/*
 * identity - who an agent or a hub is: the folder --state, its keys, what the
 * welcome brought, and the newest directory.
 *
 *   STATE/identity/sign.key                P-256, 0600
 *                  encrypt.key             the same (schools)
 *                  curve.key               Z85 secret, 0600
 *                  curve.pub
 *                  data.key                the vault's, 0600 (schools)
 *                  request                 the enrolment request
 *                  authority.crt           PEM
 *                  directory.crt           PEM: who signs the directory
 *                  directory-next.crt      PEM: who will, once announced
 *                  authority-next.crt      who issued that, if another
 *                  sign.crt                PEM
 *                  encrypt.crt             PEM (schools)
 *                  next-*, former-*        keys that are being changed:
 *                                          trust/renewal.h
 *   STATE/directory.cms                    newest directory, DER
 *   STATE/directory.seen                   highest version ever seen, and its
 *                                          digest (text): outside the database,
 *                                          so that a restored one cannot go
 *                                          back
 *   STATE/directory-bridge.cms             at a hub: the last one of the
 *                                          authority before this one
 *
 * The folder identity is made whole under another name and renamed, so it is
 * there with all its keys or not at all.
 */
#ifndef TRUST_IDENTITY_H
#define TRUST_IDENTITY_H

#include "base/attr.h"
#include "base/clock.h"
#include "trust/members.h"
#include "wire/enrolment.h"

struct cert;
struct err;
struct key;

#define IDENTITY_ABOUT_SIZE 160
#define IDENTITY_MAX_FORMER 8

/* An encryption key that was replaced: mail sealed to it may still come. */
struct identity_former {
    struct key *key;
    struct cert *cert;
    wall until; /* then it is destroyed */
};

struct identity {
    enum enrolment_kind kind;
    struct laestab laestab; /* "" for a hub */
    char *name;
    char *state;    /* the folder */
    char *endpoint; /* of a hub: tcp://host:port; else "" */
    enum phase phase;
    struct key *sign_key;    /* NULL for a hub of an older version */
    struct key *encrypt_key; /* NULL for a hub */
    struct cert *sign_cert;
    struct cert *encrypt_cert;
    struct cert *authority;
    struct cert *signer;         /* of the directory in force */
    struct cert *next_signer;    /* may sign the next one; or NULL */
    struct cert *next_authority; /* who issued that one; or NULL: authority */
    char curve_public[CURVE_KEY_SIZE];
    char curve_secret[CURVE_KEY_SIZE];
    struct members *members;
    struct members *bridge; /* of a hub; or NULL */
    struct identity_former former[IDENTITY_MAX_FORMER];
    size_t former_count;
};

/* What `moveup enrol` was told. */
struct identity_wish {
    enum enrolment_kind kind;
    struct laestab laestab;
    const char *urn;
    enum phase phase;
    const char *name;
    const char *endpoint;     /* HUB */
    const char *curve_public; /* made by the caller (net/curve.h) */
    const char *curve_secret;
};

/* What `moveup join` tells. */
struct identity_summary {
    enum enrolment_kind kind;
    char about[IDENTITY_ABOUT_SIZE]; /* "8732001 Hillside Primary" */
    char cluster[DIRECTORY_MAX_NAME + 1];
    uint64_t version;        /* of the directory in force */
    wall certificate_expiry; /* the earlier of the two; 0: none */
    wall hard_expiry;        /* of the directory */
    struct digest authority; /* of the CA certificate: its fingerprint */
};

/**
 * Make the keys in state and add the signed request file's bytes to request.
 * Run again with the same wish it gives the same request; nothing half made is
 * left after a failure.
 * Errors: ERR_EXISTS (enrolled as somebody else), ERR_USAGE, ERR_IO,
 * ERR_CRYPTO.
 */
MUST_CHECK int identity_enrol(struct buf *request, const char *state,
    const struct identity_wish *wish, wall now, struct err *err);

/**
 * Take a welcome: its certificates must be for the keys in state, and the
 * directory must name us with them.  A first authority is trusted because the
 * welcome answers our request (digest) and people compared fingerprints; a
 * later welcome must be of the same authority.  A welcome whose directory is
 * older than the stored one is taken when the stored one names its
 * certificates too.  Nothing is written before everything is checked.
 * Errors: ERR_NOT_FOUND (not enrolled here), ERR_DENIED (for another school or
 * another request, or of another authority), ERR_SIGNATURE, ERR_CERTIFICATE,
 * ERR_MALFORMED, ERR_STATE.
 */
MUST_CHECK int identity_join(
    const char *state, struct bytes welcome, wall now, struct err *err);

/** Load it all.  Errors: ERR_NOT_FOUND ("run moveup enrol", "run moveup join"),
 * ERR_DENIED (mode of a key file), ERR_STATE (the stored directory has gone
 * back or is past its hard expiry), ... */
MUST_CHECK int identity_open(
    struct identity **out, const char *state, wall now, struct err *err);

/** Who this is, for people. */
void identity_describe(
    struct identity_summary *out, const struct identity *identity);

/** Verify a newer directory, store it (directory.cms, directory.seen) and
 * replace identity->members.  Errors: those of members_load(), ERR_IO,
 * ERR_EXISTS (the same version, same bytes), ERR_STATE (same version, other
 * content; or previous does not chain from ours when it is the next version).
 */
MUST_CHECK int identity_update_directory(struct identity *identity,
    struct bytes signed_directory, wall now, struct err *err);

/** Read keys and certificates again, after they were changed on disk.
 * Errors: those of identity_open(); then nothing has changed. */
MUST_CHECK int identity_reload(struct identity *identity, struct err *err);

void identity_close(struct identity *identity);
static inline void identity_closep(struct identity **identity)
{
    identity_close(*identity);
}

#endif
