/*
 * profile - what each kind of certificate must say (certs/README.md).
 *
 * Private to this room.  One table serves both ways: what is put into a new
 * certificate and what is demanded of one that came in.
 */
#ifndef CRYPTO_PROFILE_H
#define CRYPTO_PROFILE_H

#include "crypto/ossl.h"

/** Add the profile's extensions to a certificate whose key and names are set.
 * False: OpenSSL refused. */
bool profile_apply(X509 *cert, X509 *issuer, enum cert_profile profile);

/** What keeps cert from meeting the profile, for people; NULL: it meets it.
 * Looks at the certificate alone: not at who signed it, nor at the time. */
const char *profile_flaw(X509 *cert, enum cert_profile profile);

/** "a signing certificate" and so on. */
const char *profile_name(enum cert_profile profile);

#endif
