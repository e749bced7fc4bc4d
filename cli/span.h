/* span - a length of time as people type it: 90m, 48h, 3d. */
#ifndef CLI_SPAN_H
#define CLI_SPAN_H

#include <stdint.h>

#include "base/attr.h"

struct call;

#define SPAN_MINUTE_MS ((int64_t)60 * 1000)
#define SPAN_HOUR_MS (60 * SPAN_MINUTE_MS)
#define SPAN_DAY_MS (24 * SPAN_HOUR_MS)

/** What was given with --name; *out stays as it is if it was not.  CALL_DONE,
 * or CALL_USAGE: it is no length of time, and that was printed. */
MUST_CHECK int span_option(int64_t *out, struct call *call, const char *name);

#endif
