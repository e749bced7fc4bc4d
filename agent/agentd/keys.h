/*
 * keys - the agent's own keys: changed by a person (moveup keys rotate), taken
 * into use when the directory lists them, destroyed when nothing needs them.
 */
#ifndef AGENTD_KEYS_H
#define AGENTD_KEYS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/clock.h"

struct agent;
struct err;

/** A directory has come: use the keys that it names, at once, since mail for
 * them may be right behind it. */
void keys_settle(struct agent *agent);

/** The same, and follow the schools that it says have moved: outside a
 * transaction. */
void keys_follow(struct agent *agent);

/** What the hub is to keep for the administrator; false: nothing waits. */
bool keys_offer(struct buf *out, struct agent *agent);

/** Within a transaction: destroy the keys whose time has come, and announce in
 * the log that ours run out. */
MUST_CHECK int keys_upkeep(struct agent *agent, wall now, struct err *err);

/** Add the checks (agentd/checks.h) to list: "certificate" and "renewal". */
void keys_checks(json_t *list, const struct agent *agent);

#endif
