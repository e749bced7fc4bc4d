/* ages - lengths of time for people. */
#ifndef CLI_AGES_H
#define CLI_AGES_H

#include <stdint.h>

#include "base/clock.h"

#define AGES_SIZE ((size_t)24)

/** "3 s", "5 min", "2 h", "6 days". */
const char *ages_text(int64_t ms, char text[AGES_SIZE]);

/** The earlier of two times, where 0 is never. */
wall ages_older(wall a, wall b);

#endif
