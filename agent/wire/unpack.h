/* unpack - a leaver read from the messages of proto/leaver.proto. */
#ifndef WIRE_UNPACK_H
#define WIRE_UNPACK_H

#include "record/leaver.h"
#include "wire/field.h"

struct Moveup__V1__Leaver; /* leaver.pb-c.h */
struct Moveup__V1__Restriction;

/** Arrays in arena, text borrowed from src, which came from a struct pool. */
void unpack_leaver(struct leaver *out, struct field_check *check,
    struct arena *arena, const struct Moveup__V1__Leaver *src);

/** Text borrowed from src, which came from a struct pool. */
void unpack_restriction(struct restriction *out, struct field_check *check,
    const struct Moveup__V1__Restriction *src);

#endif
