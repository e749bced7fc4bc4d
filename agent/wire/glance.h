/*
 * glance - the outermost fields of a protobuf message, one after the other,
 * without unpacking it.
 */
#ifndef WIRE_GLANCE_H
#define WIRE_GLANCE_H

#include <stdbool.h>

#include "base/bytes.h"

struct glance {
    struct bytes left;  /* not looked at yet */
    uint64_t field;     /* its number in the .proto file */
    struct bytes value; /* of a length-delimited field; else empty */
    bool bad;           /* not protobuf: nothing more comes */
};

/** Step to the next field.  False at the end, and where it is not protobuf. */
bool glance_next(struct glance *glance);

#endif
