/* unpack - a leaver read from the messages of proto/leaver.proto. */
#ifndef WIRE_UNPACK_H
#define WIRE_UNPACK_H

#include "leaver.pb-c.h"
#include "record/leaver.h"
#include "wire/field.h"

/** Arrays in arena, text borrowed from src, which came from a struct pool. */
void unpack_leaver(struct leaver *out, struct field_check *check,
    struct arena *arena, const Moveup__V1__Leaver *src);

#endif
