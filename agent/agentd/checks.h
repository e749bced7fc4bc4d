/*
 * checks - the agent examines itself: one line each, with the mend.
 *
 * A check is {name, level, text, next}: level ok, warning or critical; text is
 * a sentence, next what to do ("" when ok).
 */
#ifndef AGENTD_CHECKS_H
#define AGENTD_CHECKS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/attr.h"

struct agent;

/** One check more: the text as printf would write it. */
void checks_add(json_t *list, const char *name, const char *level,
    const char *next, const char *fmt, ...) PRINTF_LIKE(5, 6);

/** All checks; thorough also reads the whole database. */
json_t *checks_run(struct agent *agent, bool thorough);

#endif
