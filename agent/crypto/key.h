/*
 * key - private and public keys on P-256 (the curve that OpenSSL's CMS can both
 * sign with and agree keys on; Ed25519 and X25519 fail there).
 *
 * Private keys are made where they are used, kept in PEM files of mode 0600 and
 * never leave the machine.
 */
#ifndef CRYPTO_KEY_H
#define CRYPTO_KEY_H

#include "base/attr.h"
#include "base/buf.h"

struct err;
struct key;

/** A new private key.  Errors: ERR_CRYPTO. */
MUST_CHECK int key_new(struct key **out, struct err *err);

/** Write the private key (PKCS #8 PEM) with mode 0600, in place of any file of
 * that name.  With a passphrase (not NULL) it is encrypted with AES-256, and
 * each guess at it costs a fifth of a second (PBKDF2, 600,000 rounds).
 * Errors: ERR_CRYPTO, ERR_IO. */
MUST_CHECK int key_save(const struct key *key, const char *path,
    const char *passphrase, struct err *err);

/** Read it again.  passphrase may be NULL.
 * Errors: those of file_read_private(), ERR_DENIED for a wrong or missing
 * passphrase, ERR_MALFORMED. */
MUST_CHECK int key_load(struct key **out, const char *path,
    const char *passphrase, struct err *err);

/** The public half as SubjectPublicKeyInfo (DER). */
MUST_CHECK int key_public(
    struct buf *out, const struct key *key, struct err *err);

/** A public key from outside.  Errors: ERR_MALFORMED, not a P-256 key. */
MUST_CHECK int key_from_public(
    struct key **out, struct bytes der, struct err *err);

/** Plain ECDSA over SHA-256 of src, DER: for enrolment requests only. */
MUST_CHECK int key_sign(
    struct buf *out, const struct key *key, struct bytes src, struct err *err);
/** Errors: ERR_SIGNATURE. */
MUST_CHECK int key_verify(const struct key *key, struct bytes src,
    struct bytes signature, struct err *err);

void key_free(struct key *key);
static inline void key_freep(struct key **key)
{
    key_free(*key);
}

#endif
