/* item - one item of a batch, to and from protobuf: batch.c's other half. */
#ifndef WIRE_ITEM_H
#define WIRE_ITEM_H

#include "wire/batch.h"
#include "wire/field.h"

struct Moveup__V1__Item; /* batch.pb-c.h */

/** Check all of src, and that its kind is one for lane. */
void item_read(struct batch_item *out, struct field_check *check,
    struct arena *arena, enum lane lane, const struct Moveup__V1__Item *src);

/** In arena; borrows what item points to. */
struct Moveup__V1__Item *item_write(struct field_check *check,
    struct arena *arena, const struct batch_item *item);

#endif
