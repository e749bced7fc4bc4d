/*
 * hubkeys - a hub changes its keys and stays who it is, in STATE/identity:
 *
 *   hubkeys_begin     new keys in next-sign.key, next-curve.key,
 * next-curve.pub, and next-request, which goes to the authority as a file
 *                     (cluster enrol) and is known by its fingerprint, as the
 *                     first was; nothing else changes
 *   hubkeys_settle    when the directory lists a certificate for the new
 * signing key, the hub signs with it.  Its old transport key stays in use for
 * AUTHORITY_OVERLAP_DAYS, because who was away knows no other; then the new one
 * takes its place
 *
 * During the overlap the directory names both transport keys, and agents try
 * either.
 */
#ifndef TRUST_HUBKEYS_H
#define TRUST_HUBKEYS_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/clock.h"
#include "trust/renewal.h"

struct err;
struct identity;

/** Make new keys (RENEWAL_SIGN, RENEWAL_TRANSPORT) and add the request file's
 * bytes to request.  While a change is under way the same request comes again.
 * A hub of an older version gets its first signing key this way.
 * Errors: ERR_STATE (not an active hub), ERR_IO, ERR_CRYPTO. */
MUST_CHECK int hubkeys_begin(struct buf *request,
    const struct identity *identity, const struct renewal_wish *wish, wall now,
    struct err *err);

/** Do what the directory in force allows by now.  *moved: the transport key is
 * another one from now on.  Errors: ERR_IO and those of identity_reload(). */
MUST_CHECK int hubkeys_settle(
    bool *moved, struct identity *identity, wall now, struct err *err);

/** End what a crash has cut short, before anything is read. */
MUST_CHECK int hubkeys_resume(const char *folder, struct err *err);

#endif
