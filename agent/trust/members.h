/*
 * members - the directory as agents and hubs use it: verified, parsed once, and
 * asked for every message (design 3).
 *
 * It is the allow-list for sending, receiving and connecting.  A loaded
 * directory never changes; a newer one replaces it whole.
 *
 * The authority's key signs certificates; the directory is signed by a key of
 * its own, whose certificate (CERT_DIRECTORY) the authority issued.  The CMS
 * embeds no certificate: whoever joins gets the signer's with the welcome, and
 * a directory can name the one that will sign after it.
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

/* Bytes of a signed directory: content, signature and their frame. */
#define MEMBERS_MAX_SIGNED (DIRECTORY_MAX_BYTES + 2048)

/* What a directory is measured against. */
struct members_trust {
    const struct cert *authority;
    struct cert *signer;         /* CERT_DIRECTORY, issued by authority */
    struct cert *next_signer;    /* one more that may sign, or NULL */
    struct cert *next_authority; /* who issued it, and all certificates of a
                                  * directory that it signs; NULL: authority */
    uint64_t seen;               /* the highest version known here; 0: none */
    bool even_expired;           /* for the authority, which must renew it */
};

/**
 * Verify signed directory bytes (CMS, from anyone) and load them.  Each
 * certificate inside is parsed and checked for profile and issuer; one bad
 * certificate refuses the whole, and so does a school or a key named twice.
 *
 * Errors: ERR_TOO_BIG, ERR_MALFORMED, ERR_SIGNATURE, ERR_CERTIFICATE,
 *   ERR_STATE (older than seen, or past its hard expiry).
 */
MUST_CHECK int members_load(struct members **out, struct bytes signed_directory,
    const struct members_trust *trust, wall now, struct err *err);

/** What was loaded; lives as long as members. */
const struct directory_content *members_content(const struct members *members);
struct bytes members_signed(const struct members *members);
uint64_t members_version(const struct members *members);

/** SHA-256 of the signed content: what the next version's `previous` holds. */
const struct digest *members_digest(const struct members *members);

/** The certificate this directory names to sign after it, or NULL. */
struct cert *members_next_signer(const struct members *members);

/** The authority it announces with it, or NULL: the same as now. */
struct cert *members_next_authority(const struct members *members);

/** True if it was trust->next_signer that signed this one. */
bool members_by_next_signer(const struct members *members);

/** True from the soft expiry on: people are told, nothing stops. */
bool members_is_stale(const struct members *members, wall now);

/** True from the hard expiry on: whoever withholds newer directories must not
 * keep a revoked school alive.  Loading refuses such a directory; one that was
 * loaded before it expired is asked again before anything is sent. */
bool members_is_expired(const struct members *members, wall now);

/** The school, whatever its status, or NULL. */
const struct directory_school *members_school(
    const struct members *members, const struct laestab *laestab);

/** The active school with this transport key, be it its own or the one before
 * (which the hub admits for a while), or NULL: a revoked school's messages stop
 * here. */
const struct directory_school *members_by_curve_key(
    const struct members *members, const char *curve_key);
bool members_is_administrator(
    const struct members *members, const char *curve_key);

/** The hub at this endpoint, whatever its status, or NULL. */
const struct directory_hub *members_hub(
    const struct members *members, const char *endpoint);

/** The certificates to verify with what this hub attests, newest first; NULL
 * past the last, and for a hub that is not active or of an older version. */
struct cert *members_hub_cert(
    const struct members *members, const char *endpoint, size_t i);

/** The certificates to verify a school's signatures with, newest first; NULL
 * past the last.  Only active schools have any.  Issuer and profile are
 * checked; whether it is valid today is the caller's to ask
 * (cert_check_time). */
struct cert *members_sign_cert(
    const struct members *members, const struct laestab *laestab, size_t i);

/** The same, whatever the school's status: for what was signed before it was
 * closed or revoked. */
struct cert *members_former_cert(
    const struct members *members, const struct laestab *laestab, size_t i);

/** The certificate to encrypt to: the newest that is valid now.
 * Errors: ERR_NOT_FOUND, ERR_DENIED (revoked or closed; or the directory has
 * expired), ERR_CERTIFICATE. */
MUST_CHECK int members_encrypt_cert(struct cert **out,
    const struct members *members, const struct laestab *laestab, wall now,
    struct err *err);

/** When the newest certificates of an active school end (the earlier of the
 * two); 0 if it has none. */
wall members_expiry(
    const struct members *members, const struct laestab *laestab);

void members_free(struct members *members);
static inline void members_freep(struct members **members)
{
    members_free(*members);
}

#endif
