/* tally - something that may happen a thousand times a second, counted and told
 * once a minute (for this room only). */
#ifndef NET_TALLY_H
#define NET_TALLY_H

#include <stdbool.h>

#include "base/clock.h"

#define TALLY_TEXT 256

struct tally {
    uint64_t total;
    uint64_t count; /* since last told */
    mono told;
};

/** Count one more.  True if it is to be told now; then text says what, and how
 * often it was. */
bool tally_tell(
    char text[TALLY_TEXT], struct tally *tally, const char *what, mono now);

#endif
