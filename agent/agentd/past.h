/*
 * past - what status says of things that went back in time, or would if the
 * disk died: the last backup, records that wait for a person after a restore,
 * streams in which two contents came under one number.
 */
#ifndef AGENTD_PAST_H
#define AGENTD_PAST_H

#include <jansson.h>

#include "base/clock.h"

struct agent;

/** Add the checks (agentd/checks.h) to list: "backup", and "restore" and
 * "stream" where there is something to do. */
void past_checks(json_t *list, struct agent *agent);

/** When the last backup was made; 0: never, or not known. */
wall past_backup_at(struct agent *agent);

/** Seconds since the last backup; null if there was none. */
json_t *past_backup_age(struct agent *agent);

#endif
