/*
 * card - one family as JSON: the object of `list --json`, and with what a
 * caller must know before dialling that of `card` and `next`.
 *
 * Everything comes from struct reach and struct visible; what anybody wrote is
 * shown only if it names no restricted adult.
 */
#ifndef AGENTD_CARD_H
#define AGENTD_CARD_H

#include <jansson.h>

#include "agentd/desk.h"

/** As in `list --json`. */
json_t *card_short(
    const struct request *request, const struct casework_file *file);

/** With warnings, strengths, support, what was tried and the rest. */
json_t *card_whole(
    const struct request *request, const struct casework_file *file);
/** {"case":...}: the whole card after a change to this family. */
json_t *card_answer(const struct request *request, int64_t family);

/** [{"upn","surname","forename",...}] of the family. */
json_t *card_pupils(
    const struct request *request, const struct casework_file *file);

json_t *card_suggestion(const struct planner_suggestion *suggestion);

#endif
