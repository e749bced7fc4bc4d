/*
 * hours - the hours of a week as the settings file writes them:
 * "Mo-Fr 08:30-19:30, Sa 10:00-13:00".
 */
#ifndef CONF_HOURS_H
#define CONF_HOURS_H

#include "base/attr.h"

struct err;

/* Minutes of the day; open == close: not on such a day. */
struct hours {
    int open, close; /* Monday to Friday */
    int saturday_open, saturday_close;
};

/** Either part may be left out, not both; `;` parts them as well.
 * Errors: ERR_MALFORMED. */
MUST_CHECK int hours_parse(
    struct hours *out, const char *text, struct err *err);

#endif
