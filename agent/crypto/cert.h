/*
 * cert - certificates: issued by the authority, parsed once, checked by us.
 *
 * Profiles (certs/README.md): AUTHORITY (CA, keyCertSign), SIGN
 * (digitalSignature, EKU Moveup record signing), ENCRYPT (keyAgreement, EKU
 * Moveup record encryption), DIRECTORY (the authority's key signs the directory
 * through its own certificate: digitalSignature, EKU Moveup directory signing),
 * HUB (digitalSignature, EKU Moveup hub attestation).
 * OpenSSL's own purposes are not used: they accept too much (X509_PURPOSE_ANY)
 * or only S/MIME.  Parsing costs 0.6 ms, so it is done when a directory is
 * loaded and never per message.
 */
#ifndef CRYPTO_CERT_H
#define CRYPTO_CERT_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/clock.h"

struct cert;
struct err;
struct key;

#define CERT_MAX_DER ((size_t)4096)

enum cert_profile {
    CERT_AUTHORITY = 1,
    CERT_SIGN,
    CERT_ENCRYPT,
    CERT_DIRECTORY,
    CERT_HUB,
};

struct cert_subject {
    const char *common_name;  /* "8732001 Hillside Primary" */
    const char *organisation; /* the cluster's name */
};

/** A new certificate for public key `subject_key`, signed by issuer_key.
 * issuer NULL: self-signed (CERT_AUTHORITY, and no other).  Serial: 128 random
 * bits.  Names are cut at 64 characters, all that X.509 allows.
 * Errors: ERR_CRYPTO. */
MUST_CHECK int cert_issue(struct cert **out, enum cert_profile profile,
    const struct cert_subject *subject, const struct key *subject_key,
    const struct cert *issuer, const struct key *issuer_key, wall from,
    wall until, struct err *err);

/** A certificate from anyone: nothing is trusted yet, see cert_check().
 * Errors: ERR_TOO_BIG, ERR_MALFORMED (also: not DER, bytes behind it). */
MUST_CHECK int cert_parse(struct cert **out, struct bytes der, struct err *err);

/** The DER that was parsed or issued; lives as long as the certificate. */
struct bytes cert_der(const struct cert *cert);
MUST_CHECK int cert_pem(
    struct buf *out, const struct cert *cert, struct err *err);
/** From a PEM or DER file's content.  Errors: as cert_parse(). */
MUST_CHECK int cert_parse_any(
    struct cert **out, struct bytes src, struct err *err);

/**
 * Check everything that does not depend on the time: issued by authority (which
 * must itself meet CERT_AUTHORITY), and exactly the profile's key usage, EKU
 * and basic constraints, P-256, no critical extension unknown here. Remembered:
 * a second call for the same authority is free.  A certificate meets one
 * profile at most. Errors: ERR_CERTIFICATE with what is wrong.
 */
MUST_CHECK int cert_check(struct cert *cert, const struct cert *authority,
    enum cert_profile profile, struct err *err);

/** Errors: ERR_CERTIFICATE, "expired on ..." or "not valid before ...". */
MUST_CHECK int cert_check_time(
    const struct cert *cert, wall now, struct err *err);

wall cert_start(const struct cert *cert);
wall cert_expiry(const struct cert *cert);

/** The public key that it certifies.  Errors: ERR_CRYPTO. */
MUST_CHECK int cert_key(
    struct key **out, const struct cert *cert, struct err *err);

/** True if key is the private (or public) half that cert certifies. */
bool cert_matches(const struct cert *cert, const struct key *key);

void cert_free(struct cert *cert);
static inline void cert_freep(struct cert **cert)
{
    cert_free(*cert);
}

#endif
