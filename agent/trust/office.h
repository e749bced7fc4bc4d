/* office - the inside of an open authority, for the files of this room that
 * change a cluster: authority, handover, succession. */
#ifndef TRUST_OFFICE_H
#define TRUST_OFFICE_H

#include "base/attr.h"
#include "trust/authority.h"

struct cert;
struct draft;
struct key;

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

/** Sign the draft and put it in force.  Errors: those of draft_publish(). */
MUST_CHECK int office_sign(struct authority *authority,
    const struct draft *draft, wall now, struct err *err);

/** The two key pairs of an authority, new or being made. */
struct office_keys {
    struct key *key;
    struct cert *cert;
    struct key *directory_key;
    struct cert *signer;
};

/** Errors: ERR_CRYPTO. */
MUST_CHECK int office_make_keys(
    struct office_keys *out, const char *cluster, wall now, struct err *err);

/** As PREFIXauthority.key, .crt, PREFIXdirectory.key, .crt; the last one ends
 * it.  Errors: ERR_IO, ERR_CRYPTO. */
MUST_CHECK int office_save_keys(const struct office_keys *keys, const char *dir,
    const char *prefix, const char *passphrase, struct err *err);

/** Errors: those of authority_open() for its keys and certificates. */
MUST_CHECK int office_load_keys(struct office_keys *out, const char *dir,
    const char *prefix, const char *passphrase, struct err *err);

void office_free_keys(struct office_keys *keys);

#endif
