/*
 * seal - SignedData (ECDSA P-256, SHA-256) inside AuthEnvelopedData
 * (AES-256-GCM, ECDH P-256 with SHA-256 key derivation): CMS, RFC 5652 and
 * 5083.
 *
 * One recipient, one signer, signer named by subject key identifier, no
 * certificate embedded.  Everything here is in memory; nothing of a sealed
 * message is released before its tag is checked.
 *
 * The guards, each with a test: outer type must be AuthEnvelopedData; no bytes
 * behind either structure; exactly one recipient and one signer; the signer
 * identifier must be the certificate's; the digest and signature algorithms
 * must be ours; content never detached; CMS_BINARY.
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

/* More than either of them adds. */
#define SEAL_OVERHEAD ((size_t)512)

/** Sign content: a DER SignedData with the content inside.  *digest (may be
 * NULL) is the SHA-256 of content, for the chain; it costs nothing extra.
 * Refuses a certificate without the SIGN or DIRECTORY usage.
 * Errors: ERR_CRYPTO, ERR_CERTIFICATE. */
MUST_CHECK int seal_sign(struct buf *out, struct digest *digest,
    struct bytes content, const struct key *key, const struct cert *cert,
    struct err *err);

/** Encrypt signed bytes to one recipient: a DER AuthEnvelopedData.
 * Refuses a certificate without the ENCRYPT usage.
 * Errors: ERR_CRYPTO, ERR_CERTIFICATE. */
MUST_CHECK int seal_encrypt(struct buf *out, struct bytes signed_content,
    const struct cert *recipient, struct err *err);

/**
 * Open sealed bytes that anyone may have sent, with my private key.  On failure
 * nothing is added to out.
 * Errors: ERR_TOO_BIG, ERR_MALFORMED (not CMS, trailing bytes),
 *   ERR_DENIED (CMS, but not AuthEnvelopedData with AES-256-GCM),
 *   ERR_DECRYPT (altered, or for another key).
 */
MUST_CHECK int seal_decrypt(struct buf *out, struct bytes sealed,
    const struct key *key, const struct cert *cert, struct err *err);

/**
 * Verify a SignedData against the one certificate the directory names for its
 * author, and add its content to out.  The certificate's own validity is the
 * caller's to check (cert_check, cert_check_time).  On failure nothing is
 * added. Errors: ERR_TOO_BIG, ERR_MALFORMED, ERR_SIGNATURE, ERR_CERTIFICATE
 * (usage).
 */
MUST_CHECK int seal_verify(struct buf *out, struct digest *digest,
    struct bytes signed_content, const struct cert *cert, struct err *err);

#endif
