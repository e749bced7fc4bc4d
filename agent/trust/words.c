#include "trust/words.h"

#include <stddef.h>
#include <string.h>

const char *words_status(enum member_status status)
{
    switch (status) {
    case MEMBER_ACTIVE:
        return "active";
    case MEMBER_REVOKED:
        return "revoked";
    case MEMBER_CLOSED:
        return "closed";
    }
    return "unknown";
}

static const char *const PHASES[] = {
    [PHASE_PRIMARY] = "primary",
    [PHASE_MIDDLE] = "middle",
    [PHASE_SECONDARY] = "secondary",
    [PHASE_ALL_THROUGH] = "all-through",
    [PHASE_SPECIAL] = "special",
};

const char *words_phase(enum phase phase)
{
    return phase >= PHASE_PRIMARY && phase <= PHASE_SPECIAL ? PHASES[phase]
                                                            : "unknown";
}

bool words_parse_phase(enum phase *out, const char *text)
{
    for (size_t i = PHASE_PRIMARY; i <= PHASE_SPECIAL; i++)
        if (strcmp(PHASES[i], text) == 0) {
            *out = (enum phase)i;
            return true;
        }
    return false;
}
