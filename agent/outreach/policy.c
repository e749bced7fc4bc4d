#include "outreach/policy.h"

struct policy policy_usual(void)
{
    return (struct policy){
        .limit_voice = 5,
        .min_bands = 3,
        .min_days = 5,
        .lease_minutes = 30,
        .cooldown_hours = 4,
        .text_after = 2,
        .primary_after = 3,
        .letter_after = 4,
        .appointment_minutes = 15,
        .hours = bands_usual_hours(),
    };
}
