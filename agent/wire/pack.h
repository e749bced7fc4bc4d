/* pack - a leaver laid out as the messages of proto/leaver.proto. */
#ifndef WIRE_PACK_H
#define WIRE_PACK_H

#include "record/leaver.h"
#include "wire/field.h"

struct Moveup__V1__Leaver; /* leaver.pb-c.h */
struct Moveup__V1__Restriction;

/** In arena; borrows all text of leaver.  former_upn is left out. */
struct Moveup__V1__Leaver *pack_leaver(struct field_check *check,
    struct arena *arena, const struct leaver *leaver);

/** Into out; borrows all text of src. */
void pack_restriction(struct Moveup__V1__Restriction *out,
    struct field_check *check, const struct restriction *src);

#endif
