/* pack - a leaver laid out as the messages of proto/leaver.proto. */
#ifndef WIRE_PACK_H
#define WIRE_PACK_H

#include "leaver.pb-c.h"
#include "record/leaver.h"
#include "wire/field.h"

/** In arena; borrows all text of leaver.  former_upn is left out. */
Moveup__V1__Leaver *pack_leaver(struct field_check *check, struct arena *arena,
    const struct leaver *leaver);

#endif
