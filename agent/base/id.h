/* id - a 16-byte random name, unique without asking anyone. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/bytes.h"

#define ID_SIZE 16
#define ID_TEXT_SIZE (2 * ID_SIZE + 1) /* hex and NUL */

struct err;

struct id {
    uint8_t bytes[ID_SIZE];
};

/** Random bytes from the system. */
void id_new(struct id *out);

/** 32 lower-case hex digits.  Returns text. */
const char *id_format(const struct id *id, char text[ID_TEXT_SIZE]);

bool id_equal(const struct id *a, const struct id *b);

/** All zero: no id. */
bool id_is_zero(const struct id *id);

#endif
