/*
 * frame - one JSON document on the control socket: a 4-byte big-endian length
 * and that many bytes.
 */
#ifndef CONTROL_FRAME_H
#define CONTROL_FRAME_H

#include <jansson.h>

#include "base/attr.h"
#include "base/buf.h"

struct err;

#define FRAME_HEADER ((size_t)4)

/** Add one frame to out.  Errors: ERR_TOO_BIG, and out is as it was. */
MUST_CHECK int frame_add(
    struct buf *out, const json_t *document, size_t limit, struct err *err);

/** The length that a header states; not yet checked against any limit. */
size_t frame_length(const uint8_t header[FRAME_HEADER]);

/**
 * Read the document of a frame.  Nesting is counted before anything is parsed,
 * and a name that stands twice in one object is refused.
 *
 * Errors: ERR_MALFORMED, with the place in the text.
 */
MUST_CHECK int frame_parse(json_t **out, struct bytes body, struct err *err);

#endif
