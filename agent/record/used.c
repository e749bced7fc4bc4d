#include "record/used.h"

#include <string.h>

const char *used_name(enum used_section section)
{
    switch (section) {
    case USED_CONTACTS:
        return "contacts";
    case USED_STRENGTHS:
        return "strengths";
    case USED_SUPPORT:
        return "support";
    }
    return "";
}

bool used_is_role(const char *role)
{
    const size_t len = strspn(role, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");

    return len > 0 && len <= USED_MAX_ROLE && role[len] == '\0';
}

bool used_is_told(const char *role)
{
    return used_is_role(role) && strcmp(role, "DSL") != 0 &&
           strcmp(role, "ADMIN") != 0;
}
