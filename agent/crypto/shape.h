/*
 * shape - the one form of each CMS structure that we make, and so the only one
 * that we read: SignedData by one signer, AuthEnvelopedData to one recipient.
 *
 * Only the form is looked at here, in plain bytes and before OpenSSL parses
 * them; nothing is decrypted or verified.  Private to this room.
 */
#ifndef CRYPTO_SHAPE_H
#define CRYPTO_SHAPE_H

#include "base/attr.h"
#include "base/bytes.h"

struct err;

/* A key identifier: SHA-1 of the public key, as RFC 5280 has it; a name only.
 */
#define SHAPE_KEY_ID_SIZE 20

struct shape_envelope {
    struct bytes recipient; /* its key identifier */
    struct bytes content;   /* encrypted */
};

struct shape_signed {
    struct bytes signer; /* its key identifier */
    struct bytes digest; /* DIGEST_SIZE bytes: what was signed for content */
    struct bytes content;
};

/** Errors: ERR_MALFORMED (not CMS in DER, or bytes behind it), ERR_DENIED (CMS,
 * but of another kind, cipher or form than ours). */
MUST_CHECK int shape_envelope(
    struct shape_envelope *out, struct bytes src, struct err *err);

/** Errors: ERR_MALFORMED. */
MUST_CHECK int shape_signed(
    struct shape_signed *out, struct bytes src, struct err *err);

#endif
