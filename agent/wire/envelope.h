/*
 * envelope - the clear header that stands before a sealed batch.
 *
 * On the wire an envelope is two frames: this header and the sealed bytes
 * (CMS), each as the author made it.  The hub reads the header only.
 */
#ifndef WIRE_ENVELOPE_H
#define WIRE_ENVELOPE_H

#include "base/attr.h"
#include "base/buf.h"
#include "wire/stream.h"

struct err;

#define ENVELOPE_MAX_HEADER ((size_t)256)
#define ENVELOPE_MAX_SEALED ((size_t)1024 * 1024)

void envelope_encode(struct buf *out, const struct header *header);

/**
 * Read a header that anyone may have sent.  Only the bytes that
 * envelope_encode() would write are accepted (no unknown fields, no longer form
 * of a number), so that no bit of a header can change without effect.
 *
 * Errors:
 *   ERR_TOO_BIG    over ENVELOPE_MAX_HEADER
 *   ERR_MALFORMED  not a header, or one that makes no sense: version not
 *                  STREAM_VERSION, author == recipient, last < first, a range
 *                  in LANE_RECEIPT or none elsewhere, no epoch outside
 *                  LANE_RECEIPT, ttl_days not 1 to STREAM_MAX_TTL_DAYS
 */
MUST_CHECK int envelope_decode(
    struct header *out, struct bytes wire, struct err *err);

#endif
