/*
 * armour - bytes as text that survives e-mail: a frame, one readable line that
 * says whose it is, an optional signature, and base64.
 *
 *   -----BEGIN MOVEUP REQUEST-----
 *   From: 8732001 Hillside Primary
 *   Signature: MEUCIQ...
 *
 *   CgASBzg3MzIwMDEaBjEwMDAwMSIQSGlsbHNpZGUgUHJpbWFyeQ...
 *   -----END MOVEUP REQUEST-----
 *
 * A text has exactly one accepted form, so that a fingerprint of it means
 * something: reading takes the text, writes what it understood again, and
 * refuses it unless both are the same.  Only what mail programs do is forgiven
 * first: CR before LF, and white space around the whole.
 */
#ifndef TRUST_ARMOUR_H
#define TRUST_ARMOUR_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"

struct err;

#define ARMOUR_MAX_ABOUT 160    /* bytes of the readable line's value */
#define ARMOUR_MAX_SIGNATURE 80 /* bytes: DER of ECDSA P-256 is at most 72 */

struct armour {
    const char *label; /* "REQUEST", "WELCOME" */
    const char *field; /* "From", "For" */
    const char *about; /* clean text, not empty */
    struct bytes signature;
    struct bytes body;
};

/** Add the text to out. */
void armour_write(struct buf *out, const struct armour *armour);

/**
 * Read a text.  out->label and out->field say what is expected; the rest is
 * filled in and lives in arena.
 * Errors: ERR_TOO_BIG (a body over limit bytes), ERR_MALFORMED.
 */
MUST_CHECK int armour_read(struct armour *out, struct bytes text, size_t limit,
    struct arena *arena, struct err *err);

#endif
