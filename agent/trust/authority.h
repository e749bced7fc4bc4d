/*
 * authority - the cluster administrator's folder (--dir): an offline CA, the
 * newest directory, an administrator's transport key, every welcome given.
 *
 *   DIR/authority.key authority.crt   the CA (key 0600, passphrase optional)
 *   DIR/directory.key directory.crt   signs the directory, issued by the CA
 *   DIR/admin.curve.key admin.curve.pub
 *   DIR/directory.cms                 newest directory
 *   DIR/history/N.cms                 every directory ever signed
 *
 * Each change writes directory N+1 whole (file_write) or nothing.
 */
#ifndef TRUST_AUTHORITY_H
#define TRUST_AUTHORITY_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/clock.h"
#include "trust/members.h"
#include "wire/enrolment.h"

struct authority;
struct err;

/* Lifetimes, days. */
#define AUTHORITY_CA_DAYS 3650
#define AUTHORITY_SCHOOL_DAYS 400
#define AUTHORITY_SOFT_DAYS 90 /* of a directory */
#define AUTHORITY_HARD_DAYS 365

/** Errors: ERR_EXISTS, ERR_IO, ERR_CRYPTO. */
MUST_CHECK int authority_create(const char *dir, const char *name,
    const char *passphrase, const char *curve_public, const char *curve_secret,
    wall now, struct err *err);

/** need_keys false: only look (list, publish), so no passphrase is needed. */
MUST_CHECK int authority_open(struct authority **out, const char *dir,
    const char *passphrase, bool need_keys, wall now, struct err *err);

const struct members *authority_members(const struct authority *authority);
const char *authority_curve_public(const struct authority *authority);
const char *authority_curve_secret(const struct authority *authority);

/** Read and check a request file: its signature is by the key it names.
 * Everything in *out lives in arena.  *digest is the fingerprint's source.
 * Errors: ERR_TOO_BIG, ERR_MALFORMED, ERR_SIGNATURE. */
MUST_CHECK int authority_read_request(struct enrolment_request *out,
    struct digest *digest, struct bytes file, struct arena *arena,
    struct err *err);

/** Issue certificates for these requests and sign ONE new directory that has
 * them all; welcomes[i] gets the welcome for requests[i].  Enrolling the same
 * laestab again replaces its keys (overlap: old certificates stay listed while
 * valid).  Nothing is changed on failure.
 * Errors: ERR_DENIED (revoked school: enrol under a new number or un-revoke by
 * hand), ERR_TOO_BIG, ERR_IO, ERR_CRYPTO. */
MUST_CHECK int authority_enrol(struct buf *welcomes,
    struct authority *authority, const struct bytes *requests, size_t count,
    wall now, struct err *err);

/** Errors: ERR_NOT_FOUND, ERR_EXISTS (revoked already). */
MUST_CHECK int authority_revoke(struct authority *authority,
    const struct laestab *laestab, const char *reason, wall now,
    struct err *err);

void authority_close(struct authority *authority);
static inline void authority_closep(struct authority **authority)
{
    authority_close(*authority);
}

#endif
