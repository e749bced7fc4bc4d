#include "agentd/rules.h"

#include "conf/hours.h"

struct policy rules_policy(const struct settings_agent *settings)
{
    struct policy policy = policy_usual();
    struct hours hours;

    policy.limit_voice = (unsigned)settings->limit_voice;
    policy.min_bands = (unsigned)settings->min_bands;
    policy.min_days = (unsigned)settings->min_days;
    policy.lease_minutes = (unsigned)settings->lease_minutes;
    policy.cooldown_hours = (unsigned)settings->cooldown_hours;
    if (hours_parse(&hours, settings->call_hours, NULL) == 0)
        policy.hours = (struct bands_hours){
            hours.open, hours.close, hours.saturday_open, hours.saturday_close};
    return policy;
}
