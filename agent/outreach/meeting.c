#include "outreach/meeting.h"

#include <string.h>

static const struct {
    const char *name, *text;
} TYPES[] = {{"", ""}, {"new-intake-evening", "New intake evening"},
    {"meet-the-tutor", "Meet the tutor"}, {"send-coffee", "SEND coffee"},
    {"eal-welcome", "Welcome for families who speak other languages"},
    {"learning-at-home", "Learning at home"},
    {"transport-uniform", "Transport and uniform"},
    {"one-to-one", "One to one"}, {"online", "Online session"},
    {"induction-day", "Induction day"}};
static const char *const STATUSES[] = {
    "", "draft", "published", "cancelled", "held"};
static const char *const RSVPS[] = {
    "none", "yes", "tentative", "no", "waiting", "cancelled"};

const char *meeting_type_name(enum session_type type)
{
    return TYPES[type].name;
}

const char *meeting_type_text(enum session_type type)
{
    return TYPES[type].text;
}

enum session_type meeting_type_parse(const char *name)
{
    for (unsigned i = 1; i < sizeof TYPES / sizeof TYPES[0]; i++)
        if (strcmp(TYPES[i].name, name) == 0)
            return (enum session_type)i;
    return 0;
}

const char *meeting_status_name(enum session_status status)
{
    return STATUSES[status];
}

const char *meeting_rsvp_name(enum rsvp rsvp)
{
    return RSVPS[rsvp];
}

bool meeting_rsvp_parse(enum rsvp *out, const char *name)
{
    for (unsigned i = 0; i < sizeof RSVPS / sizeof RSVPS[0]; i++)
        if (strcmp(RSVPS[i], name) == 0) {
            *out = (enum rsvp)i;
            return true;
        }
    return false;
}
