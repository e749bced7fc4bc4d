/*
 * attesting - a hub signs what it attests of a letter (wire/attest.h), and
 * others verify it with the certificates that the directory lists for that hub.
 */
#ifndef TRUST_ATTESTING_H
#define TRUST_ATTESTING_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "wire/attest.h"

struct err;
struct identity;
struct members;

/** Sign as this hub, whose endpoint takes the place of what->hub.
 * Errors: ERR_NOT_FOUND (a hub of an older version, without a key),
 * ERR_CRYPTO. */
MUST_CHECK int attesting_sign(struct buf *out, const struct identity *hub,
    const struct attest *what, struct err *err);

/** Has this hub a certificate, so that what it attests must be signed? */
bool attesting_expected(const struct members *members, const char *endpoint);

/** Verify what came as this hub's word, from anyone.
 * Errors: ERR_NOT_FOUND (that hub has no certificate), ERR_TOO_BIG,
 * ERR_MALFORMED, ERR_SIGNATURE (also: none), ERR_CERTIFICATE (not valid when it
 * was signed), ERR_DENIED (another hub's word). */
MUST_CHECK int attesting_verify(struct attest *out,
    const struct members *members, const char *endpoint, struct bytes is_signed,
    struct arena *arena, struct err *err);

#endif
