/* rules - how a school works through its families, as its settings say. */
#ifndef AGENTD_RULES_H
#define AGENTD_RULES_H

#include "conf/settings.h"
#include "outreach/policy.h"

/** What the settings do not say is as usual. */
struct policy rules_policy(const struct settings_agent *settings);

#endif
