/* when - a time as people type it after --call-back, by the clock in England.
 */
#ifndef OUTREACH_WHEN_H
#define OUTREACH_WHEN_H

#include "base/attr.h"
#include "base/clock.h"

struct err;

/** "17:30" (today, or tomorrow if that is past), "tomorrow 10:00",
 * "thu 17:40" (the next one), "2027-06-15 17:30", also with a T between.
 * Errors: ERR_USAGE: not a time, or one that is past. */
MUST_CHECK int when_parse(
    wall *out, const char *text, wall now, struct err *err);

#define WHEN_TEXT_SIZE 24
/** "Thu 17 Jun 17:40".  Returns text; "" for none. */
const char *when_format(wall when, char text[WHEN_TEXT_SIZE]);

#endif
