/* step - how far first contact with a family has come, to and from protobuf:
 * the part of item.c about it. */
#ifndef WIRE_STEP_H
#define WIRE_STEP_H

#include "wire/batch.h"
#include "wire/field.h"

struct Moveup__V1__FamilyItem; /* batch.pb-c.h */

/** Into out; what it points to is in arena or borrowed from item. */
void step_write(struct Moveup__V1__FamilyItem *out, struct field_check *check,
    struct arena *arena, const struct batch_item *item);

/** Text borrowed from src, which came from a struct pool. */
void step_read(struct batch_item *out, struct field_check *check,
    struct arena *arena, const struct Moveup__V1__FamilyItem *src);

#endif
