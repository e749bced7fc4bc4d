/*
 * authority - the cluster administrator's folder (--dir): an offline CA, the
 * newest directory, an administrator's transport key.
 *
 *   DIR/authority.key authority.crt   the CA (key 0600, passphrase optional)
 *   DIR/directory.key directory.crt   signs the directory, issued by the CA
 *   DIR/admin.curve.key admin.curve.pub
 *   DIR/directory.cms                 newest directory
 *   DIR/history/N.cms                 every directory ever signed
 *
 * Each change signs directory N+1 whole (file_write) or leaves everything as it
 * was.  Whoever holds the keys open holds the folder: a second process that
 * wants to change something is told ERR_BUSY, so that no version is signed
 * twice.
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

/* Certificates begin this much before now: clocks differ. */
#define AUTHORITY_BACKDATE_HOURS 24

/* What `moveup cluster init` was told, and a transport key made by the caller
 * (net/curve.h). */
struct authority_plan {
    const char *name;       /* of the cluster */
    const char *passphrase; /* NULL: the keys are kept in the clear */
    const char *curve_public;
    const char *curve_secret;
};

/** Make an authority in dir, which is made if it is missing.
 * Errors: ERR_EXISTS, ERR_USAGE (name), ERR_BUSY, ERR_IO, ERR_CRYPTO.  After a
 * failure nothing of it is left. */
MUST_CHECK int authority_create(const char *dir,
    const struct authority_plan *plan, wall now, struct err *err);

/** need_keys false: only look (list, publish), so no passphrase is needed.
 * Errors: ERR_NOT_FOUND (no authority here), ERR_DENIED (mode of a key file;
 * passphrase wrong or missing), ERR_BUSY, and those of members_load() except
 * that an expired directory is opened, to be renewed. */
MUST_CHECK int authority_open(struct authority **out, const char *dir,
    const char *passphrase, bool need_keys, wall now, struct err *err);

const struct members *authority_members(const struct authority *authority);
const char *authority_curve_public(const struct authority *authority);
const char *authority_curve_secret(const struct authority *authority);

/** SHA-256 of the CA certificate: whose fingerprint a school compares with what
 * `moveup join` shows. */
const struct digest *authority_digest(const struct authority *authority);

/** Read and check a request file: its signature is by the key it names.
 * Everything in *out lives in arena.  *digest is the fingerprint's source.
 * Errors: ERR_TOO_BIG, ERR_MALFORMED, ERR_SIGNATURE. */
MUST_CHECK int authority_read_request(struct enrolment_request *out,
    struct digest *digest, struct bytes file, struct arena *arena,
    struct err *err);

struct authority_intake {
    const struct bytes *requests; /* the files */
    size_t count;
    bool readmit; /* also take schools that are revoked, with new keys only */
};

/** Issue certificates for these requests and sign ONE new directory that has
 * them all; welcomes[i] gets the welcome for requests[i].  Enrolling the same
 * laestab again replaces its keys (overlap: old certificates stay listed while
 * valid).  Nothing is changed on failure.
 * Errors: those of authority_read_request(), ERR_DENIED (a revoked school
 * without readmit, or one of its old keys with it), ERR_EXISTS (a key is
 * another member's), ERR_USAGE (two requests of one member), ERR_STATE (the
 * clock is behind the last directory), ERR_TOO_BIG, ERR_IO, ERR_CRYPTO. */
MUST_CHECK int authority_enrol(struct buf *welcomes,
    struct authority *authority, const struct authority_intake *intake,
    wall now, struct err *err);

/** Errors: ERR_NOT_FOUND, ERR_EXISTS (revoked already), ERR_USAGE (reason),
 * and authority_renew()'s. */
MUST_CHECK int authority_revoke(struct authority *authority,
    const struct laestab *laestab, const char *reason, wall now,
    struct err *err);
MUST_CHECK int authority_revoke_hub(struct authority *authority,
    const char *endpoint, wall now, struct err *err);

/** Sign the same members anew, so that the directory does not expire.
 * Errors: ERR_STATE, ERR_TOO_BIG, ERR_IO, ERR_CRYPTO. */
MUST_CHECK int authority_renew(
    struct authority *authority, wall now, struct err *err);

void authority_close(struct authority *authority);
static inline void authority_closep(struct authority **authority)
{
    authority_close(*authority);
}

#endif
