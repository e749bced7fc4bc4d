/*
 * renewal - a member changes its keys and stays who it is.
 *
 *   renewal_begin     new keys in STATE/identity/next-*, and a request for
 *                     certificates (next-request); nothing else changes
 *   the request       goes to the authority as a file (cluster enrol), or over
 *                     the hub, signed by the key it is to replace
 *   renewal_settle    a directory that lists the new keys is the answer: they
 *                     take the place of the old
 *
 *   next-sign.key next-encrypt.key next-curve.key next-curve.pub  those that
 *                     are changed; next-request
 *   next-ready        from here nothing can be refused any more: when it holds
 *                     and what is to become of the old encryption key
 *
 * The old signing and transport keys are destroyed then; the old encryption key
 * is kept for the mail that was sealed to it before (trust/former.h).
 */
#ifndef TRUST_RENEWAL_H
#define TRUST_RENEWAL_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/clock.h"
#include "trust/identity.h"
#include "trust/papers.h"

struct cert;
struct err;

enum renewal_part {
    RENEWAL_SIGN = 1,
    RENEWAL_ENCRYPT = 2,
    RENEWAL_TRANSPORT = 4,
    RENEWAL_ALL = 7,
};

struct renewal_wish {
    unsigned parts;           /* of enum renewal_part */
    bool anew;                /* forget a change that was begun before */
    const char *curve_public; /* made by the caller (net/curve.h) */
    const char *curve_secret;
};

/** Make new keys and add the request file's bytes to request.  While a change
 * is under way the same request comes again, whatever the wish.
 * Errors: ERR_STATE (not an active member, or a hub), ERR_IO, ERR_CRYPTO. */
MUST_CHECK int renewal_begin(struct buf *request,
    const struct identity *identity, const struct renewal_wish *wish, wall now,
    struct err *err);

bool renewal_is_pending(const struct identity *identity);

/** The request that waits, signed by our key of today: for the hub.
 * Errors: ERR_NOT_FOUND (none waits), ERR_CRYPTO, ERR_IO. */
MUST_CHECK int renewal_letter(
    struct buf *out, const struct identity *identity, struct err *err);

/** Look whether the directory in force has certificates for our new keys, or
 * newer ones for the keys we have, and use them from now on.  *changed tells.
 * Errors: ERR_IO and those of identity_reload(). */
MUST_CHECK int renewal_settle(
    bool *changed, struct identity *identity, wall now, struct err *err);

/** The request that waits in this folder, as papers_load_own(). */
MUST_CHECK int renewal_load_own(
    struct papers_own *out, const char *folder, struct err *err);

/** Everything was checked: these certificates are for the new keys in the
 * folder, which take the place of the old.  Goes on after a crash with
 * renewal_resume().  Errors: ERR_IO. */
MUST_CHECK int renewal_install(const char *folder, const struct cert *sign,
    const struct cert *encrypt, wall now, struct err *err);

/** End what a crash has cut short, before anything is read. */
MUST_CHECK int renewal_resume(const char *folder, struct err *err);

#endif
