/* laestab - a school's number: local authority (3 digits) + establishment (4).
 * Domain 4.2: it changes when a school becomes an academy, so the directory
 * lists predecessors; the agent keys its peers by the number of today. */
#ifndef RECORD_LAESTAB_H
#define RECORD_LAESTAB_H

#include <stdbool.h>

#include "base/attr.h"

#define LAESTAB_SIZE 8 /* seven digits and NUL */

struct err;

struct laestab {
    char text[LAESTAB_SIZE]; /* "" is no school */
};

/** Errors: ERR_MALFORMED, not seven digits. */
MUST_CHECK int laestab_parse(
    struct laestab *out, const char *text, struct err *err);

bool laestab_equal(const struct laestab *a, const struct laestab *b);

#endif
