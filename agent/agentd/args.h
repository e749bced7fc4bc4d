/* args - the arguments of a request, each checked as it is read. */
#ifndef AGENTD_ARGS_H
#define AGENTD_ARGS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "record/laestab.h"

struct err;

/** The text of key; "" when it is not given.  Errors: ERR_USAGE (not text, over
 * max bytes, control characters). */
MUST_CHECK int args_text(const char **out, const json_t *args, const char *key,
    size_t max, struct err *err);

/** As args_text(), but it must be given and not empty. */
MUST_CHECK int args_need(const char **out, const json_t *args, const char *key,
    size_t max, struct err *err);

/** A whole number from least to most.  Errors: ERR_USAGE, also if it is not
 * given. */
MUST_CHECK int args_number(int64_t *out, const json_t *args, const char *key,
    int64_t least, int64_t most, struct err *err);

/** True only if it is given as true. */
bool args_flag(const json_t *args, const char *key);

/** A LAESTAB, or "" when it is not given. */
MUST_CHECK int args_school(
    struct laestab *out, const json_t *args, const char *key, struct err *err);

/** A UPN in its right form.  Errors: ERR_USAGE. */
MUST_CHECK int args_upn(
    const char **out, const json_t *args, const char *key, struct err *err);

/** A time for JSON: RFC 3339, or null for 0. */
json_t *args_time(int64_t wall_ms);

/** Text for JSON that may be empty. */
json_t *args_string(const char *text);

#endif
