/* card - one family as JSON: the object of `list --json` and `card --json`. */
#ifndef AGENTD_CARD_H
#define AGENTD_CARD_H

#include <jansson.h>

#include "agentd/household.h"

json_t *card_json(
    const struct household_set *set, const struct call_family *family);

#endif
