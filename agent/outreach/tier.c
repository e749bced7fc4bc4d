#include "outreach/tier.h"

#include <string.h>

static bool low_attendance(const struct leaver *leaver)
{
    const struct leaver_year *newest = NULL;

    for (size_t i = 0; i < leaver->year_count; i++)
        if (newest == NULL || leaver->years[i].year > newest->year)
            newest = &leaver->years[i];
    return newest != NULL && newest->possible > 0 &&
           (int64_t)newest->attended * 100 < (int64_t)newest->possible * 90;
}

enum tier tier_of(const struct leaver *leaver)
{
    if (strcmp(leaver->sen_provision, "E") == 0 ||
        leaver->in_care == STATED_YES)
        return TIER_ENHANCED;
    if (strcmp(leaver->sen_provision, "K") == 0 ||
        leaver->medical_flag == STATED_YES || low_attendance(leaver) ||
        strcmp(leaver->service_child, "Y") == 0)
        return TIER_TARGETED;
    return TIER_UNIVERSAL;
}
