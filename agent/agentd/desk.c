#include "agentd/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/invited.h"
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

const struct casework_pupil *desk_upn(struct casework_file **file,
    const struct casework *casework, const char *upn)
{
    for (size_t i = 0; i < casework->count; i++)
        for (size_t j = 0; j < casework->files[i]->pupil_count; j++)
            if (strcmp(casework->files[i]->pupils[j]->leaver.upn, upn) == 0) {
                *file = casework->files[i];
                return casework->files[i]->pupils[j];
            }
    return NULL;
}

static int only_child(const struct casework_pupil **pupil,
    const struct casework_file *file, struct request *request, struct err *err)
{
    *pupil = file->pupils[0];
    request->next = "Say which child by its UPN: moveup card CASE shows them";
    return file->pupil_count == 1
               ? 0
               : err_set(err, ERR_USAGE, "that family has %zu children",
                     file->pupil_count);
}

int desk_child(struct casework_file **file, const struct casework_pupil **pupil,
    struct request *request, struct err *err)
{
    const char *text;
    char *end;
    long long family;
    int rc = args_need(&text, request->args, "upn", 32, err);

    if (rc == 0)
        rc = casework_refresh(request->agent, err);
    if (rc < 0)
        return rc;
    family = strtoll(text, &end, 10);
    if (*end == '\0' && family > 0) {
        *file = casework_find(request->agent, family);
        if (*file != NULL)
            return only_child(pupil, *file, request, err);
    } else {
        rc = args_upn(&text, request->args, "upn", err);
        *pupil = rc < 0 ? NULL : desk_upn(file, request->agent->casework, text);
        if (rc < 0 || *pupil != NULL)
            return rc;
    }
    request->next = "moveup list --all --json shows every child's UPN";
    return err_set(err, ERR_NOT_FOUND, "no record of that child is here");
}

json_t *desk_child_json(const struct casework_pupil *pupil)
{
    return json_pack("{s:s,s:s,s:s}", "upn", pupil->leaver.upn, "surname",
        leaver_known_surname(&pupil->leaver), "forename",
        leaver_known_forename(&pupil->leaver));
}

struct state_facts desk_facts(
    const struct agent *agent, const struct casework_file *file)
{
    const struct casework *c = agent->casework;
    struct state_facts facts = casework_facts(c, file);

    if (file->pupil_count > 0)
        facts.strategy = strategy_of(c->school.events, c->school.event_count,
            &file->reach, file->reach_pupils, file->pupil_count,
            &file->pupils[0]->row.author);
    return facts;
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
    invited_mark_soon(entries, *count, request->agent);
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

static json_t *blocked_json(
    const struct order_blocked *b, unsigned needs_language)
{
    return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o}",
        "call_back_later", (json_int_t)b->call_back_later,
        "called_too_recently", (json_int_t)b->called_too_recently, "leased",
        (json_int_t)b->leased, "no_usable_point",
        (json_int_t)b->no_usable_point, "awaiting_record",
        (json_int_t)b->awaiting_record, "held", (json_int_t)b->held,
        "action_needed", (json_int_t)b->action_needed, "escalated",
        (json_int_t)b->escalated, "declined", (json_int_t)b->declined,
        "needs_interpreter", (json_int_t)needs_language, "opens_at",
        args_time(b->opens_at.ms));
}

json_t *desk_blocked(const struct request *request,
    const struct order_entry *entries, size_t count)
{
    const struct casework *c = request->agent->casework;
    struct order_blocked blocked;
    unsigned needs_language = 0;

    order_count(&blocked, entries, count, &c->policy, c->now);
    for (size_t i = 0; i < count; i++)
        needs_language += entries[i].state->callable &&
                          desk_needs_language(request,
                              casework_find(request->agent, entries[i].family));
    return blocked_json(&blocked, needs_language);
}

int desk_add(struct request *request, struct event *event, struct err *err)
{
    event->login = request->actor.login;
    return casework_add(request->agent, event, err);
}

int desk_store(struct request *request, struct event *event, const char *action,
    struct err *err)
{
    struct db *db = request->agent->db;
    int rc = db_begin(db, err);

    if (rc == 0)
        rc = desk_add(request, event, err);
    if (rc == 0)
        rc = requests_audit(request, action, NULL, event->family, "", err);
    if (rc == 0)
        rc = db_commit(db, err);
    return rc == 0 ? casework_refresh(request->agent, err) : rc;
}
