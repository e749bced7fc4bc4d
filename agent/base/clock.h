/*
 * clock - two kinds of time that cannot be mixed.
 *
 * mono never goes back and schedules; wall is what people read and certificates
 * expire by, and orders nothing.  Pure code is given both as arguments; only
 * the mains and the loop read them here.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct err;

/* Milliseconds of a clock that never goes back; 0 is never. */
typedef struct {
    int64_t ms;
} mono;

/* Milliseconds since 1970-01-01T00:00:00Z; 0 is not known. */
typedef struct {
    int64_t ms;
} wall;

#define CLOCK_TEXT_SIZE 25 /* 2027-06-15T08:02:00.123Z and NUL */

mono clock_mono(void);

/** The time of day.  MOVEUP_FAKE_TIME (seconds to add, for tests) moves it. */
wall clock_wall(void);

/** Is the time of day moved?  No school wants that: say so at the start. */
bool clock_is_moved(void);

/** RFC 3339 in UTC, to the second ("2027-06-15T08:02:00Z").  Returns text. */
const char *clock_format(wall when, char text[CLOCK_TEXT_SIZE]);

/** Read RFC 3339 with `Z`.  Errors: ERR_MALFORMED. */
MUST_CHECK int clock_parse(wall *out, const char *text, struct err *err);

/** An age for people: "3 s", "5 min", "2 h", "6 days".  Returns text. */
const char *clock_age(int64_t ms, char *text, size_t size);

#endif
