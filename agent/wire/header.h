/* header - the fields of struct header, wherever a message repeats them: in the
 * clear envelope, in the hub's dialogue and in the signed batch. */
#ifndef WIRE_HEADER_H
#define WIRE_HEADER_H

#include "wire/field.h"
#include "wire/stream.h"

struct Moveup__V1__Header; /* envelope.pb-c.h */

/** Check all fields, and what they must be together. */
void header_read(struct header *out, struct field_check *check,
    const struct Moveup__V1__Header *src);

/** *out borrows from header. */
void header_write(struct Moveup__V1__Header *out, const struct header *header);

#endif
