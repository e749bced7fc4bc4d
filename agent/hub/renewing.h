/* renewing - schools that change their keys: what they ask of the administrator
 * over the hub, and the transport key of before (for the engine only). */
#ifndef HUB_RENEWING_H
#define HUB_RENEWING_H

#include <stdbool.h>

#include "hub/visit.h"

void renewing_ask(struct visit *visit);  /* RENEW */
void renewing_list(struct visit *visit); /* RENEWALS */

/** The school that this transport key admits at this moment, or NULL: of an
 * active school its own, and the one before it until the school has come with
 * its own; of a school that has closed, for 30 days, to take its mail. */
const struct directory_school *renewing_admits(struct engine *engine,
    const struct members *members, const char *curve_key, wall now);

/** A school has greeted: the key before its own ends with its own. */
void renewing_came(struct visit *visit);

#endif
