#include "cli/ages.h"

const char *ages_text(int64_t ms, char text[AGES_SIZE])
{
    return clock_age(ms, text, AGES_SIZE);
}

wall ages_older(wall a, wall b)
{
    return a.ms == 0 || (b.ms != 0 && b.ms < a.ms) ? b : a;
}
