#include "net/tally.h"

#include <inttypes.h>
#include <stdio.h>

#define EVERY_MS 60000

bool tally_tell(
    char text[TALLY_TEXT], struct tally *tally, const char *what, mono now)
{
    tally->total++;
    tally->count++;
    if (tally->told.ms != 0 && now.ms - tally->told.ms < EVERY_MS)
        return false;
    if (tally->count > 1)
        snprintf(text, TALLY_TEXT, "%s (%" PRIu64 " times since last told)",
            what, tally->count);
    else
        snprintf(text, TALLY_TEXT, "%s", what);
    tally->count = 0;
    tally->told = now;
    return true;
}
