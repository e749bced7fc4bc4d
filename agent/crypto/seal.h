/*
 * seal - SignedData (ECDSA P-256, SHA-256) inside AuthEnvelopedData
 * (AES-256-GCM, ECDH P-256 with SHA-256 key derivation): CMS, RFC 5652 and
 * 5083.
 *
 * One recipient, one signer, both named by subject key identifier, no
 * certificate embedded.  Everything here is in memory; nothing of a sealed
 * message is released before its tag is checked.
 *
 * CMS leaves a sender many forms, and OpenSSL reads more than are safe.  So
 * what comes in must first be, byte for byte, the one DER form that we write
 * (shape.h); only then does OpenSSL parse it.  Refused, each with a test:
 * unauthenticated EnvelopedData, another cipher, key derivation (its default is
 * SHA-1), key wrap or tag length, any number of recipients or signers but one,
 * RSA, certificates inside, detached or absent content, BER, other versions,
 * content types, digests or signed attributes, any byte behind the message.  No
 * bit of either structure can be flipped unnoticed.
 *
 * One thing remains: whoever sees an ECDSA signature can write a second valid
 * one for the same content.  So compare and chain the digest of the *content*,
 * never that of the signed bytes.
 *
 * Big messages cost little more than hashing and AES when the program keeps
 * freed memory: mallopt(M_MMAP_THRESHOLD, M_TRIM_THRESHOLD).
 */
#ifndef CRYPTO_SEAL_H
#define CRYPTO_SEAL_H

#include "base/attr.h"
#include "base/buf.h"

struct cert;
struct err;
struct key;

/* What stands before every decode.  seal_sign() and seal_encrypt() refuse what
 * would come out bigger, so that the sender learns of it. */
#define SEAL_MAX_SIZE ((size_t)1024 * 1024)

/* Of SignedData alone: a directory is the largest.  What comes from outside has
 * a limit of its own before this one. */
#define SEAL_MAX_SIGNED ((size_t)4 * 1024 * 1024)

/* More than either of them adds. */
#define SEAL_OVERHEAD ((size_t)512)

/** Sign content: a DER SignedData with the content inside.  *digest (may be
 * NULL) is the SHA-256 of content, for the chain; it costs nothing extra.
 * Refuses a certificate of another profile than SIGN, DIRECTORY or HUB.
 * Errors: ERR_TOO_BIG, ERR_CRYPTO, ERR_CERTIFICATE. */
MUST_CHECK int seal_sign(struct buf *out, struct digest *digest,
    struct bytes content, const struct key *key, const struct cert *cert,
    struct err *err);

/** Encrypt signed bytes to one recipient: a DER AuthEnvelopedData.
 * Refuses a certificate of another profile than ENCRYPT; who issued it and
 * whether it is valid now is the caller's to check before.
 * Errors: ERR_TOO_BIG, ERR_CRYPTO, ERR_CERTIFICATE. */
MUST_CHECK int seal_encrypt(struct buf *out, struct bytes signed_content,
    const struct cert *recipient, struct err *err);

/**
 * Open sealed bytes that anyone may have sent, with my private key.  On failure
 * nothing is added to out.
 * Errors: ERR_TOO_BIG, ERR_MALFORMED (not CMS in DER, or bytes behind it),
 *   ERR_DENIED (CMS, but not AuthEnvelopedData in our form),
 *   ERR_DECRYPT (altered, or for another key).
 */
MUST_CHECK int seal_decrypt(struct buf *out, struct bytes sealed,
    const struct key *key, const struct cert *cert, struct err *err);

/**
 * Verify a SignedData against the one certificate the directory names for its
 * author, and add its content to out.  The certificate's own validity is the
 * caller's to check (cert_check, cert_check_time).  *digest (may be NULL) is
 * the SHA-256 of content.  On failure nothing is added. Errors: ERR_TOO_BIG,
 * ERR_MALFORMED (not SignedData in our form), ERR_SIGNATURE, ERR_CERTIFICATE
 * (its profile is not for signing).
 */
MUST_CHECK int seal_verify(struct buf *out, struct digest *digest,
    struct bytes signed_content, const struct cert *cert, struct err *err);

/** The same without a copy: *content lies within signed_content. */
MUST_CHECK int seal_verify_within(struct bytes *content, struct digest *digest,
    struct bytes signed_content, const struct cert *cert, struct err *err);

#endif
