/* tier - how much preparation a child's start needs (domain 2.2, tier). */
#ifndef OUTREACH_TIER_H
#define OUTREACH_TIER_H

#include "record/leaver.h"

enum tier { TIER_UNIVERSAL = 1, TIER_TARGETED, TIER_ENHANCED };

/** EHCP, looked after -> ENHANCED; SEN support, medical flag, attendance under
 * 90 % in the newest year, a service child -> TARGETED.  Never by attainment.
 */
enum tier tier_of(const struct leaver *leaver);

#endif
