/* record - a leaver as bytes (proto/leaver.proto).  Made once at import, kept
 * sealed, sent and kept again at the recipient: never re-serialised on the way.
 */
#ifndef WIRE_RECORD_H
#define WIRE_RECORD_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "record/leaver.h"

struct err;

#define RECORD_MAX_BYTES ((size_t)64 * 1024)

/** former_upn is left out.  Errors: ERR_TOO_BIG. */
MUST_CHECK int record_encode(
    struct buf *out, const struct leaver *leaver, struct err *err);

/** The same with former_upn, for the author's own database only. */
MUST_CHECK int record_encode_own(
    struct buf *out, const struct leaver *leaver, struct err *err);

/**
 * Read a record.  Everything in *out lives in arena.  Enforces every limit of
 * record/leaver.h, UTF-8, clean text (base/text.h), a well-formed UPN.
 *
 * Errors: ERR_TOO_BIG, ERR_MALFORMED.
 */
MUST_CHECK int record_decode(struct leaver *out, struct bytes wire,
    struct arena *arena, struct err *err);

#endif
