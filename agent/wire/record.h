/* record - a leaver as bytes (proto/leaver.proto).  Made once at import, kept
 * sealed, sent and kept again at the recipient: never re-serialised on the way.
 */
#ifndef WIRE_RECORD_H
#define WIRE_RECORD_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "record/leaver.h"

struct err;

#define RECORD_MAX_BYTES ((size_t)64 * 1024)
#define RECORD_UPN_SIZE 14 /* with the NUL */

/**
 * Add leaver's bytes to out; former_upn is left out.  Refuses whatever
 * record_decode() would refuse, so that nobody signs what cannot be read:
 * contacts and points must have been numbered (record/merge.h).
 *
 * Errors: ERR_TOO_BIG, ERR_MALFORMED.
 */
MUST_CHECK int record_encode(
    struct buf *out, const struct leaver *leaver, struct err *err);

/** The same with former_upn, for the author's own database only. */
MUST_CHECK int record_encode_own(
    struct buf *out, const struct leaver *leaver, struct err *err);

/**
 * Look at a record of our own, without reading the whole of it.  True: it holds
 * no former UPN, so that its bytes may travel as they are, and upn is its UPN.
 * False: it holds one, or is not as record_encode() writes it: decode it.
 */
bool record_travels(char upn[RECORD_UPN_SIZE], struct bytes wire);

/**
 * Read a record.  Everything in *out lives in arena.  Enforces every limit of
 * record/leaver.h, UTF-8, clean text (base/text.h), a well-formed UPN (whether
 * its check letter is right was the importer's question), numbers of contacts
 * and points that are there once, and restrictions that name a contact of the
 * record.  Fields of a newer author are passed over.
 *
 * Errors: ERR_TOO_BIG, ERR_MALFORMED.
 */
MUST_CHECK int record_decode(struct leaver *out, struct bytes wire,
    struct arena *arena, struct err *err);

#endif
