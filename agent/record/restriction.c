#include "record/restriction.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

struct named {
    const char *name;
    int value;
};

static const struct named KINDS[] = {
    {"do-not-contact", RESTRICTION_DO_NOT_CONTACT},
    {"do-not-disclose-address", RESTRICTION_DO_NOT_DISCLOSE_ADDRESS},
    {"no-information", RESTRICTION_NO_INFORMATION},
    {"contact-via", RESTRICTION_CONTACT_VIA},
    {"only-staff", RESTRICTION_ONLY_STAFF},
    {"no-voicemail", RESTRICTION_NO_VOICEMAIL},
    {"no-text", RESTRICTION_NO_TEXT},
    {"not-together-with", RESTRICTION_NOT_TOGETHER_WITH},
    {"interpreter-not-from-family", RESTRICTION_INTERPRETER_NOT_FROM_FAMILY},
    {"pupil-not-to-be-named", RESTRICTION_PUPIL_NOT_TO_BE_NAMED},
    {NULL, 0},
};

static const struct named BASES[] = {
    {"court-order", BASIS_COURT_ORDER},
    {"police-or-marac", BASIS_POLICE_OR_MARAC},
    {"la-direction", BASIS_LA_DIRECTION},
    {"parent-request", BASIS_PARENT_REQUEST},
    {"school-decision", BASIS_SCHOOL_DECISION},
    {NULL, 0},
};

static const char *name_of(const struct named *list, int value)
{
    for (; list->name != NULL; list++)
        if (list->value == value)
            return list->name;
    return "unknown";
}

/* The value called text, or 0. */
static int value_of(const struct named *list, const char *text)
{
    for (; list->name != NULL; list++)
        if (strcmp(list->name, text) == 0)
            return list->value;
    return 0;
}

static int refuse(const struct named *list, const char *what, struct err *err)
{
    char names[200] = "";
    size_t used = 0;

    for (; list->name != NULL && used < sizeof names; list++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s",
            used == 0 ? "" : ", ", list->name);
    return err_set(err, ERR_USAGE, "a %s is one of: %s", what, names);
}

const char *restriction_kind_name(enum restriction_kind kind)
{
    return name_of(KINDS, (int)kind);
}

const char *restriction_basis_name(enum restriction_basis basis)
{
    return name_of(BASES, (int)basis);
}

int restriction_kind_parse(
    enum restriction_kind *out, const char *text, struct err *err)
{
    const int value = value_of(KINDS, text);

    if (value == 0)
        return refuse(KINDS, "restriction", err);
    *out = (enum restriction_kind)value;
    return 0;
}

int restriction_basis_parse(
    enum restriction_basis *out, const char *text, struct err *err)
{
    const int value = value_of(BASES, text);

    if (value == 0)
        return refuse(BASES, "basis", err);
    *out = (enum restriction_basis)value;
    return 0;
}

bool restriction_hides(const struct restriction *restriction)
{
    return restriction->ended.ms == 0 &&
           (restriction->kind == RESTRICTION_DO_NOT_CONTACT ||
               restriction->kind == RESTRICTION_NO_INFORMATION);
}
