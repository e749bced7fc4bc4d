#include "outreach/strategy.h"

#include <string.h>

/* --- groups --- */

typedef bool of_pupil(const struct leaver *leaver);

static bool has_sen(const struct leaver *l)
{
    return strcmp(l->sen_provision, "K") == 0 ||
           strcmp(l->sen_provision, "E") == 0;
}

static bool has_plan(const struct leaver *l)
{
    return strcmp(l->sen_provision, "E") == 0;
}

static bool is_in_care(const struct leaver *l)
{
    return l->in_care == STATED_YES;
}

static bool has_meals(const struct leaver *l)
{
    return l->fsm == STATED_YES;
}

static bool is_service_child(const struct leaver *l)
{
    return strcmp(l->service_child, "Y") == 0;
}

static const struct {
    const char *name;
    of_pupil *has;
} GROUPS[] = {
    {"sen", has_sen},
    {"ehcp", has_plan},
    {"in-care", is_in_care},
    {"fsm", has_meals},
    {"service", is_service_child},
};
#define GROUP_COUNT (sizeof GROUPS / sizeof GROUPS[0])
#define LANGUAGE "language:"
#define FROM "from:"

/* What stands behind prefix in group; NULL if it begins otherwise. */
static const char *after(const char *group, const char *prefix)
{
    const size_t len = strlen(prefix);

    return strncmp(group, prefix, len) == 0 && group[len] != '\0' ? group + len
                                                                  : NULL;
}

bool strategy_is_group(const char *group)
{
    struct laestab school;

    for (size_t i = 0; i < GROUP_COUNT; i++)
        if (strcmp(GROUPS[i].name, group) == 0)
            return true;
    if (after(group, FROM) != NULL)
        return laestab_parse(&school, after(group, FROM), NULL) == 0;
    return strcmp(group, "interpreter") == 0 ||
           (after(group, LANGUAGE) != NULL &&
               strlen(after(group, LANGUAGE)) == 3);
}

const char *strategy_groups(void)
{
    return "language:SOM, interpreter, sen, ehcp, in-care, fsm, service, "
           "from:8732001";
}

static bool somebody_speaks(const struct reach *reach, const char *language)
{
    for (size_t i = 0; i < reach->count; i++)
        if (reach->people[i].counts != 0 &&
            strcmp(reach->people[i].language, language) == 0)
            return true;
    return false;
}

static bool needs_interpreter(const struct reach *reach)
{
    for (size_t i = 0; i < reach->count; i++)
        if (reach->people[i].counts != 0 &&
            (reach->people[i].interpreter == INTERPRETER_SPOKEN ||
                reach->people[i].interpreter == INTERPRETER_BSL))
            return true;
    return false;
}

bool strategy_has(const char *group, const struct reach *reach,
    const struct reach_pupil *pupils, size_t pupil_count,
    const struct laestab *author)
{
    if (after(group, LANGUAGE) != NULL)
        return somebody_speaks(reach, after(group, LANGUAGE));
    if (after(group, FROM) != NULL)
        return strcmp(author->text, after(group, FROM)) == 0;
    if (strcmp(group, "interpreter") == 0)
        return needs_interpreter(reach);
    for (size_t i = 0; i < GROUP_COUNT; i++)
        for (size_t j = 0; j < pupil_count; j++)
            if (strcmp(GROUPS[i].name, group) == 0 &&
                GROUPS[i].has(pupils[j].leaver))
                return true;
    return false;
}

/* --- strategies --- */

bool strategy_is_step(enum adjustment first)
{
    return first == ADJUST_TEXT_FIRST || first == ADJUST_EVENING_CALL ||
           first == ADJUST_WEEKEND_CALL || first == ADJUST_VIA_PRIMARY;
}

bool strategy_stands(const struct event *school, size_t count, size_t at)
{
    const struct event_strategy *s = &school[at].u.strategy;

    if (school[at].kind != EVENT_STRATEGY || s->ended)
        return false;
    for (size_t i = at + 1; i < count; i++)
        if (school[i].kind == EVENT_STRATEGY &&
            strcmp(school[i].u.strategy.name, s->name) == 0)
            return false;
    return true;
}

struct strategy strategy_of(const struct event *school, size_t count,
    const struct reach *reach, const struct reach_pupil *pupils,
    size_t pupil_count, const struct laestab *author)
{
    struct strategy all = {0, ""};

    for (size_t i = 0; i < count; i++)
        if (strategy_stands(school, count, i) &&
            strategy_has(school[i].u.strategy.group, reach, pupils, pupil_count,
                author)) {
            all.first |= 1U << school[i].u.strategy.first;
            all.why = school[i].u.strategy.name;
        }
    return all;
}
