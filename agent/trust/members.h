/*
 * members - the directory as agents and hubs use it: verified, parsed once, and
 * asked for every message (design 3).
 *
 * It is the allow-list for sending, receiving and connecting.  A loaded
 * directory never changes; a newer one replaces it whole.
 */
#ifndef TRUST_MEMBERS_H
#define TRUST_MEMBERS_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "wire/directory.h"

struct cert;
struct err;
struct members;

/**
 * Verify signed directory bytes (CMS, from anyone) with the authority's
 * certificate and load them.  Each certificate inside is parsed and checked for
 * profile and issuer; one bad certificate refuses the whole.
 * seen is the highest version known here: an older one is refused.
 *
 * Errors: ERR_TOO_BIG, ERR_MALFORMED, ERR_SIGNATURE, ERR_CERTIFICATE,
 *   ERR_STATE (older than seen, or past its hard expiry).
 */
MUST_CHECK int members_load(struct members **out, struct bytes signed_directory,
    const struct cert *authority, uint64_t seen, wall now, struct err *err);

/** What was loaded; lives as long as members. */
const struct directory_content *members_content(const struct members *members);
struct bytes members_signed(const struct members *members);
uint64_t members_version(const struct members *members);

/** The school, whatever its status, or NULL. */
const struct directory_school *members_school(
    const struct members *members, const struct laestab *laestab);

/** The active school with this transport key, or NULL: a revoked school's
 * messages stop here. */
const struct directory_school *members_by_curve_key(
    const struct members *members, const char *curve_key);
bool members_is_administrator(
    const struct members *members, const char *curve_key);

/** The certificates to verify a school's signatures with, newest first; NULL
 * past the last.  Only active schools have any. */
struct cert *members_sign_cert(
    const struct members *members, const struct laestab *laestab, size_t i);

/** The certificate to encrypt to: the newest that is valid now.
 * Errors: ERR_NOT_FOUND, ERR_DENIED (revoked or closed), ERR_CERTIFICATE. */
MUST_CHECK int members_encrypt_cert(struct cert **out,
    const struct members *members, const struct laestab *laestab, wall now,
    struct err *err);

void members_free(struct members *members);
static inline void members_freep(struct members **members)
{
    members_free(*members);
}

#endif
