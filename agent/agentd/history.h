/*
 * history - what was tried with a family and what is known of what stands in
 * its way, as a card tells it.
 */
#ifndef AGENTD_HISTORY_H
#define AGENTD_HISTORY_H

#include <jansson.h>

#include "agentd/desk.h"
#include "outreach/when.h"

/** [{"at","by","outcome","text",...}], oldest first; what was said in a call
 * that raised a concern is for the safeguarding lead only. */
json_t *history_json(
    const struct request *request, const struct casework_file *file);

/** [{"code","source","status","adjustment","text"}] as they stand. */
json_t *history_barriers(const struct casework_file *file);

/** ["support check", "invitation", ...]: what is left of the checklist. */
json_t *history_to_do(const struct casework_file *file);

/** {"by","when","place","who","note"}: what the lead chose; null if nothing. */
json_t *history_plan(const struct casework_file *file);

#endif
