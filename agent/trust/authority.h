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
#include "base/err.h"
#include "trust/members.h"
#include "wire/enrolment.h"

struct authority;

/* Lifetimes, days. */
#define AUTHORITY_CA_DAYS 3650
#define AUTHORITY_SCHOOL_DAYS 400
#define AUTHORITY_SOFT_DAYS 90 /* of a directory */
#define AUTHORITY_HARD_DAYS 365
#define AUTHORITY_OVERLAP_DAYS 120 /* of a school's two transport keys */

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
 * and authority_answer()'s. */
MUST_CHECK int authority_revoke(struct authority *authority,
    const struct laestab *laestab, const char *reason, wall now,
    struct err *err);
MUST_CHECK int authority_revoke_hub(struct authority *authority,
    const char *endpoint, wall now, struct err *err);

/* A school's request for certificates for new keys, as a hub had it. */
struct authority_renewal {
    struct laestab school; /* as the hub says */
    struct bytes renewal;
    int rc; /* out: 0, or why it was refused */
    struct err why;
};

/** Issue certificates for those of these renewals that are in order and sign
 * ONE new directory; with none the same members anew, so that the directory
 * does not expire.  Errors: ERR_STATE, ERR_TOO_BIG, ERR_IO, ERR_CRYPTO. */
MUST_CHECK int authority_answer(struct authority *authority,
    struct authority_renewal *renewals, size_t count, wall now,
    struct err *err);

/* What becomes of schools. */
enum authority_move { AUTHORITY_CLOSE, AUTHORITY_RENAME };
struct authority_change {
    enum authority_move move;
    const struct laestab *schools; /* RENAME: one */
    size_t count;
    const struct laestab *successor; /* CLOSE: or NULL */
    const char *reason;              /* CLOSE */
    const char *name, *urn;          /* RENAME: or NULL */
    enum phase phase;                /* RENAME: or 0 */
};

/** Close schools, perhaps in favour of a successor, which then names them as
 * its predecessors; or change what one is called.  Sign one new directory.
 * Errors: ERR_NOT_FOUND, ERR_EXISTS (closed already), ERR_DENIED (a successor
 * that is not active, or is one of them), ERR_USAGE, ERR_TOO_BIG (too many
 * predecessors), and authority_answer()'s. */
MUST_CHECK int authority_change(struct authority *authority,
    const struct authority_change *change, wall now, struct err *err);

/** Make a new authority and hand the cluster over to it: a directory signed by
 * the old one announces the new one, and the next, signed by the new one, has
 * every certificate issued anew.  Keys of schools stay.  The old authority's
 * keys are destroyed.  Goes on where a crash has cut it short.
 * Errors: authority_answer()'s. */
MUST_CHECK int authority_rotate(struct authority *authority,
    const char *passphrase, wall now, struct err *err);

/** The directory that announced this authority, signed by the one before; no
 * bytes if there was none.  Errors: ERR_IO. */
MUST_CHECK int authority_bridge(
    struct buf *out, const struct authority *authority, struct err *err);

/** This folder is a copy that is behind: take the newest directory, which it
 * had signed itself, and go on from there.
 * Errors: ERR_EXISTS (we have it, or a newer one), ERR_SIGNATURE,
 * ERR_CERTIFICATE (the authority has changed its keys since this copy was
 * made) and those of members_load(). */
MUST_CHECK int authority_adopt(struct authority *authority,
    struct bytes signed_directory, wall now, struct err *err);

void authority_close(struct authority *authority);
static inline void authority_closep(struct authority **authority)
{
    authority_close(*authority);
}

#endif
