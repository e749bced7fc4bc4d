#include "record/take.h"

#include <string.h>

bool take_text(const char **known, const char *fresh)
{
    if (fresh[0] == '\0' || strcmp(*known, fresh) == 0)
        return false;
    *known = fresh;
    return true;
}

bool take_stated(enum stated *known, enum stated fresh)
{
    if (fresh == NOT_STATED || fresh == *known)
        return false;
    *known = fresh;
    return true;
}

bool take_date(struct date *known, struct date fresh)
{
    if (!date_is_set(fresh) || date_compare(*known, fresh) == 0)
        return false;
    *known = fresh;
    return true;
}

#define LINES (sizeof((struct leaver_address *)0)->lines / sizeof(char *))

static bool address_is_stated(const struct leaver_address *address)
{
    for (size_t i = 0; i < LINES; i++)
        if (address->lines[i][0] != '\0')
            return true;
    return address->postcode[0] != '\0' || address->uprn[0] != '\0';
}

static bool same_address(
    const struct leaver_address *a, const struct leaver_address *b)
{
    for (size_t i = 0; i < LINES; i++)
        if (strcmp(a->lines[i], b->lines[i]) != 0)
            return false;
    return strcmp(a->postcode, b->postcode) == 0 &&
           strcmp(a->uprn, b->uprn) == 0;
}

/* An address is one value: half of an old one under a new street is wrong. */
bool take_address(
    struct leaver_address *known, const struct leaver_address *fresh)
{
    if (!address_is_stated(fresh) || same_address(known, fresh))
        return false;
    *known = *fresh;
    return true;
}
