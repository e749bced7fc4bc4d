/* held - a restriction that a recipient tells its author of, to and from
 * protobuf: the part of item.c about restrictions. */
#ifndef WIRE_HELD_H
#define WIRE_HELD_H

#include "wire/batch.h"
#include "wire/field.h"

struct Moveup__V1__HeldItem; /* batch.pb-c.h */

/** Into out; what it points to is in arena or borrowed from item. */
void held_write(struct Moveup__V1__HeldItem *out, struct field_check *check,
    struct arena *arena, const struct batch_item *item);

/** Text borrowed from src, which came from a struct pool. */
void held_read(struct batch_item *out, struct field_check *check,
    const struct Moveup__V1__HeldItem *src);

#endif
