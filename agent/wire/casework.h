/*
 * casework - one event of a case as bytes (proto/casework.proto), as it is kept
 * sealed in the school's own database.  It never travels.
 */
#ifndef WIRE_CASEWORK_H
#define WIRE_CASEWORK_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "outreach/event.h"

struct err;

/* No event is longer. */
#define CASEWORK_MAX_BYTES ((size_t)16 * 1024)

/**
 * Add the bytes of event's payload, event->u, to out; kind, time, family, pupil
 * and who it was are kept beside it.  Refuses what casework_decode() would.
 *
 * Errors: ERR_MALFORMED (text that is not clean, a code out of its range),
 * ERR_TOO_BIG.
 */
MUST_CHECK int casework_encode(
    struct buf *out, const struct event *event, struct err *err);

/**
 * Read the payload of an event whose kind is set into event->u.  Texts are in
 * arena and never NULL.  A kind that this version does not know is refused.
 *
 * Errors: ERR_MALFORMED, ERR_TOO_BIG; event is unchanged then.
 */
MUST_CHECK int casework_decode(struct event *event, struct bytes wire,
    struct arena *arena, struct err *err);

#endif
