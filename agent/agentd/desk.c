#include "agentd/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "base/err.h"
#include "base/mem.h"
#include "outreach/languages.h"
#include "record/phone.h"

int desk_case(
    struct casework_file **out, struct request *request, struct err *err)
{
    const char *text;
    char *end;
    int64_t family;
    int rc = args_need(&text, request->args, "case", 20, err);

    *out = NULL;
    request->next = "moveup list --all shows every case";
    if (rc < 0)
        return rc;
    family = strtoll(text, &end, 10);
    if (*end != '\0' || family < 1)
        return err_set(err, ERR_USAGE, "a case is a number, like 118");
    rc = casework_refresh(request->agent, err);
    if (rc < 0)
        return rc;
    *out = casework_find(request->agent, family);
    if (*out == NULL)
        return err_set(err, ERR_NOT_FOUND, "there is no case with that number");
    request->next = "";
    return 0;
}

struct state_facts desk_facts(
    const struct agent *agent, const struct casework_file *file)
{
    return (struct state_facts){
        .family = file->family,
        .pupils = file->reach_pupils,
        .pupil_count = file->pupil_count,
        .events = file->events,
        .event_count = file->event_count,
        .reach = &file->reach,
        .policy = &agent->casework->policy,
        .now = agent->casework->now,
    };
}

static struct planner_caller caller_of(const struct request *request)
{
    return (struct planner_caller){
        request->actor.login, request->actor.languages};
}

void desk_suggest(struct planner_suggestion *out, const struct request *request,
    const struct casework_file *file)
{
    const struct state_facts facts = desk_facts(request->agent, file);
    const struct planner_caller caller = caller_of(request);

    planner_suggest(out, &facts, &file->state, &caller);
}

enum tier desk_tier(const struct casework_file *file)
{
    enum tier highest = TIER_UNIVERSAL;

    for (size_t i = 0; i < file->pupil_count; i++) {
        const enum tier tier = tier_of(&file->pupils[i]->leaver);

        if (tier > highest)
            highest = tier;
    }
    return highest;
}

/* The first person who has care decides: it is they who will be rung. */
static const struct reach_person *first_person(const struct reach *reach)
{
    for (size_t i = 0; i < reach->count; i++)
        if (reach->people[i].counts != 0)
            return &reach->people[i];
    return reach->count > 0 ? &reach->people[0] : NULL;
}

bool desk_needs_language(
    const struct request *request, const struct casework_file *file)
{
    const struct reach_person *person = first_person(&file->reach);
    const struct planner_caller caller = caller_of(request);

    return person != NULL && planner_needs_language(person, &caller);
}

static bool language_match(
    const struct request *request, const struct casework_file *file)
{
    const struct reach_person *person = first_person(&file->reach);

    return person != NULL && strcmp(person->language, "ENG") != 0 &&
           languages_speaks(request->actor.languages, person->language);
}

struct order_entry *desk_order(size_t *count, const struct request *request)
{
    const struct casework *c = request->agent->casework;
    struct order_entry *entries = mem_alloc((c->count + 1) * sizeof *entries);

    *count = 0;
    for (size_t i = 0; i < c->count; i++) {
        const struct casework_file *file = c->files[i];

        if (file->pupil_count == 0)
            continue;
        entries[(*count)++] = (struct order_entry){
            .family = file->family,
            .state = &file->state,
            .tier = desk_tier(file),
            .deadline = file->deadline,
            .oldest_record = file->oldest_record,
            .language_match = language_match(request, file),
        };
    }
    order_sort(entries, *count, &c->policy, c->now);
    return entries;
}

const char *desk_shown(
    const struct casework_file *file, const char *text, bool *withheld)
{
    for (size_t i = 0; i < file->pupil_count && text[0] != '\0'; i++)
        if (visible_betrays(&file->pupils[i]->leaver, text)) {
            *withheld = true;
            return "";
        }
    return text;
}

const char *desk_value(char out[320], const char *typed)
{
    char dial[PHONE_DIAL_SIZE];

    if (strchr(typed, '@') != NULL)
        snprintf(out, 320, "%s", typed);
    else
        snprintf(out, 320, "%s", phone_dial(dial, typed));
    return out;
}

int desk_add(struct request *request, struct event *event, struct err *err)
{
    event->login = request->actor.login;
    return casework_add(request->agent, event, err);
}
