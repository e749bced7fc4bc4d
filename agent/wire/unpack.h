/* unpack - a restriction that travels alone (held items), read from the message
 * of proto/leaver.proto.  Whole records: wire/leaver_form.h. */
#ifndef WIRE_UNPACK_H
#define WIRE_UNPACK_H

#include "record/restriction.h"
#include "wire/field.h"

struct Moveup__V1__Restriction; /* leaver.pb-c.h */

/** Text borrowed from src, which came from a struct pool. */
void unpack_restriction(struct restriction *out, struct field_check *check,
    const struct Moveup__V1__Restriction *src);

#endif
