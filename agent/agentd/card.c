#include "agentd/card.h"

#include <stdio.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/extras.h"
#include "agentd/history.h"
#include "agentd/leaver_json.h"
#include "agentd/warnings.h"
#include "record/codes.h"

static json_t *bands_json(uint32_t bands)
{
    json_t *list = json_array();

    for (enum band band = BAND_MORNING; band <= BAND_SATURDAY; band++)
        if ((bands & BAND_BIT(band)) != 0)
            json_array_append_new(list, args_string(bands_code(band)));
    return list;
}

/* How often it was tried, and in which parts of the day. */
static json_int_t tries_of(
    uint32_t *bands, const struct casework_file *file, const char *value)
{
    json_int_t tries = 0;

    *bands = 0;
    for (size_t i = 0; i < file->event_count; i++) {
        const struct event_attempt *a = &file->events[i].u.attempt;

        if (file->events[i].kind != EVENT_ATTEMPT || a->inbound ||
            !outcome_row(a->outcome)->is_try || strcmp(a->value, value) != 0)
            continue;
        tries++;
        *bands |= a->band == 0 ? 0 : BAND_BIT(a->band);
    }
    return tries;
}

static json_t *point_json(
    const struct casework_file *file, const struct reach_point *p)
{
    bool withheld = false;
    uint32_t bands;
    const json_int_t tries = tries_of(&bands, file, p->value);

    return json_pack("{s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:o}", "n",
        (json_int_t)p->number, "kind", leaver_json_kind(p->kind), "value",
        p->value, "raw", p->value, "status", reach_status_name(p->status),
        "since", when_format(p->since, (char[WHEN_TEXT_SIZE]){0}), "note",
        desk_shown(file, p->note, &withheld), "tries", tries, "tried",
        bands_json(bands));
}

static json_t *points_json(
    const struct casework_file *file, const struct reach_person *person)
{
    json_t *list = json_array();

    for (size_t i = 0; i < person->point_count; i++)
        json_array_append_new(list, point_json(file, &person->points[i]));
    return list;
}

/* "about": only some of the pupils may be spoken about with this person. */
static void add_about(json_t *one, const struct casework_file *file,
    const struct reach_person *person)
{
    json_t *about = json_array();
    size_t count = 0;

    for (size_t i = 0; i < file->pupil_count; i++)
        if ((person->pupils >> i & 1) != 0) {
            count++;
            json_array_append_new(about,
                args_string(leaver_known_forename(&file->pupils[i]->leaver)));
        }
    if (count < file->pupil_count)
        json_object_set(one, "about_only", about);
    json_decref(about);
}

static json_t *contact_json(
    const struct casework_file *file, const struct reach_person *person)
{
    const struct leaver_contact *c = person->seen->contact;
    json_t *one = json_pack("{s:I,s:I,s:o,s:s,s:s,s:s,s:s,s:o,s:b,s:b,s:b,s:b}",
        "n", (json_int_t)person->n, "order", (json_int_t)c->order, "name",
        leaver_json_name(c), "relationship", c->relationship,
        "parental_responsibility", leaver_json_stated(c->responsibility),
        "language", person->language, "interpreter",
        leaver_json_interpreter(person->interpreter), "points",
        points_json(file, person), "voicemail_ok", !person->no_voicemail,
        "text_ok", !person->no_text, "number_withheld", person->number_withheld,
        "counts", person->counts != 0);

    add_about(one, file, person);
    if (person->wishes != NULL) {
        json_object_set_new(
            one, "good_times", bands_json(person->wishes->good_bands));
        json_object_set_new(
            one, "bad_times", bands_json(person->wishes->bad_bands));
    }
    return one;
}

static json_t *contacts_json(const struct casework_file *file)
{
    json_t *list = json_array();

    for (size_t i = 0; i < file->reach.count; i++)
        json_array_append_new(list, contact_json(file, &file->reach.people[i]));
    return list;
}

/* Kinds of need are for those who plan support; a caller gets the headline. */
static json_t *needs_json(
    const struct request *request, const struct leaver *leaver)
{
    json_t *needs = json_array();

    if ((request->actor.roles & DESK_SUPPORT) == 0)
        return needs;
    for (size_t i = 0; i < leaver->need_count; i++)
        if (!date_is_set(leaver->needs[i].end))
            json_array_append_new(needs, args_string(leaver->needs[i].type));
    return needs;
}

static json_t *pupil_json(
    const struct request *request, const struct casework_pupil *p)
{
    const struct leaver *l = &p->leaver;
    const bool support = (request->actor.roles & DESK_SUPPORT) != 0;

    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:o,s:s,s:s,s:I,s:o,s:o}", "upn",
        l->upn, "surname", leaver_known_surname(l), "forename",
        leaver_known_forename(l), "from", p->row.author.text, "from_name",
        agent_school_name(request->agent, &p->row.author), "needs",
        needs_json(request, l), "sen_provision",
        support ? l->sen_provision : "", "in_care",
        support ? leaver_json_stated(l->in_care) : "unknown", "revision",
        (json_int_t)p->row.revision, "read_by",
        p->row.read_at.ms == 0 ? json_null() : args_string(p->row.read_role),
        "read_at", args_time(p->row.read_at.ms));
}

json_t *card_pupils(
    const struct request *request, const struct casework_file *file)
{
    json_t *list = json_array();

    for (size_t i = 0; i < file->pupil_count; i++)
        json_array_append_new(list, pupil_json(request, file->pupils[i]));
    return list;
}

json_t *card_suggestion(const struct planner_suggestion *s)
{
    return json_pack("{s:I,s:I,s:s,s:s,s:o,s:b,s:b,s:b,s:b,s:b,s:s}", "contact",
        (json_int_t)s->contact, "point", (json_int_t)s->point, "channel",
        event_channel_name(s->channel), "band", bands_code(s->band), "when",
        args_time(s->when.ms), "interpreter", s->interpreter, "other_caller",
        s->other_caller, "ask_primary", s->ask_primary, "write", s->write,
        "lead", s->lead, "why", s->why);
}

static json_t *lease_json(
    const struct request *request, const struct state *state)
{
    if (state->holder[0] == '\0' ||
        state->held_until.ms <= request->agent->casework->now.ms)
        return json_null();
    return json_pack("{s:s,s:o}", "by", state->holder, "until",
        args_time(state->held_until.ms));
}

json_t *card_short(
    const struct request *request, const struct casework_file *file)
{
    const struct state *state = &file->state;
    struct planner_suggestion suggestion;
    char id[24];
    char deadline[DATE_TEXT_SIZE];

    desk_suggest(&suggestion, request, file);
    snprintf(id, sizeof id, "%lld", (long long)file->family);
    date_format(file->deadline, deadline);
    return json_pack("{s:s,s:s,s:s,s:I,s:o,s:o,s:o,s:I,s:o,s:o,s:o,s:b}",
        "case", id, "state", state_name(state->code), "deadline", deadline,
        "tries", (json_int_t)state->tries, "pupils", card_pupils(request, file),
        "contacts", contacts_json(file), "suggest",
        card_suggestion(&suggestion), "restricted_adults",
        (json_int_t)file->reach.withheld, "lease", lease_json(request, state),
        "call_back_at", args_time(state->call_back_at.ms), "next_at",
        args_time(state->next_at.ms), "contacted", state->contacted_at.ms != 0);
}

/* --- the whole card --- */

static bool has_value(const struct casework_file *file, const char *value)
{
    for (size_t i = 0; i < file->reach.count; i++)
        for (size_t j = 0; j < file->reach.people[i].point_count; j++)
            if (strcmp(file->reach.people[i].points[j].value, value) == 0)
                return true;
    return false;
}

static bool shares_a_number(
    const struct casework_file *file, const struct casework_file *other)
{
    for (size_t i = 0; i < file->reach.count; i++) {
        const struct reach_person *person = &file->reach.people[i];

        for (size_t j = 0; j < person->point_count; j++)
            if (reach_usable(&person->points[j]) &&
                has_value(other, person->points[j].value))
                return true;
    }
    return false;
}

/* The cases that one of this family's numbers stands in too.  That joins
 * nobody: a grandmother's telephone, or a hostel's. */
static json_t *same_number_json(
    const struct request *request, const struct casework_file *file)
{
    const struct casework *c = request->agent->casework;
    json_t *list = json_array();

    for (size_t i = 0; i < c->count; i++) {
        char id[24];

        if (c->files[i] == file || !shares_a_number(file, c->files[i]))
            continue;
        snprintf(id, sizeof id, "%lld", (long long)c->files[i]->family);
        json_array_append_new(list, json_string(id));
    }
    return list;
}

typedef const char *text_of(const struct casework_pupil *pupil);

/* Of every pupil; a text that names somebody who is restricted, if only for a
 * brother or sister, is left out. */
static json_t *joined(const struct casework_file *file, text_of *of)
{
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    bool withheld = false;

    for (size_t i = 0; i < file->pupil_count; i++) {
        const char *text = desk_shown(file, of(file->pupils[i]), &withheld);

        if (text[0] != '\0')
            buf_format(&out, "%s%s: %s", out.len > 0 ? "; " : "",
                leaver_known_forename(&file->pupils[i]->leaver), text);
    }
    buf_add(&out, (struct bytes){(const uint8_t *)"", 1});
    return args_string((const char *)out.data);
}

static const char *strengths_of(const struct casework_pupil *pupil)
{
    return pupil->leaver.strengths;
}

static const char *support_of(const struct casework_pupil *pupil)
{
    const struct leaver *leaver = &pupil->leaver;

    if (leaver->in_care == STATED_YES)
        return "looked after by the local authority: call the carer and the "
               "social worker";
    if (leaver->sen_provision[0] == 'E')
        return "has an education, health and care plan: ask the SENCO first";
    if (leaver->sen_provision[0] == 'K')
        return "has SEN support";
    if (leaver->medical_flag == STATED_YES)
        return "has a medical condition: ask the primary school what helps";
    return "";
}

static json_t *languages_json(const struct casework_file *file)
{
    json_t *list = json_array();

    for (size_t i = 0; i < file->pupil_count; i++) {
        const struct leaver *leaver = &file->pupils[i]->leaver;

        for (size_t j = 0; j < leaver->language_count; j++)
            json_array_append_new(list,
                json_pack("{s:s,s:s,s:s,s:s}", "upn", leaver->upn, "type",
                    leaver->languages[j].type, "code",
                    leaver->languages[j].code, "name",
                    codes_describe(CODES_LANGUAGE, leaver->languages[j].code)));
    }
    return list;
}

static json_t *from_json(
    const struct request *request, const struct casework_file *file)
{
    json_t *list = json_array();

    for (size_t i = 0; i < file->pupil_count; i++) {
        const struct laestab *author = &file->pupils[i]->row.author;
        json_t *one = json_pack("{s:s,s:s}", "laestab", author->text, "name",
            agent_school_name(request->agent, author));
        bool known = false;
        size_t j;
        json_t *other;

        json_array_foreach(list, j, other) known |= json_equal(one, other);
        if (!known)
            json_array_append(list, one);
        json_decref(one);
    }
    return list;
}

json_t *card_whole(
    const struct request *request, const struct casework_file *file)
{
    json_t *one = card_short(request, file);
    json_t *others = same_number_json(request, file);

    json_object_set_new(one, "warnings", warnings_of(file, others));
    json_object_set_new(one, "same_number", others);
    json_object_set_new(one, "say_first", joined(file, strengths_of));
    json_object_set_new(one, "support", joined(file, support_of));
    json_object_set_new(one, "languages", languages_json(file));
    json_object_set_new(one, "from", from_json(request, file));
    json_object_set_new(one, "before", history_json(request, file));
    json_object_set_new(one, "barriers", history_barriers(file));
    json_object_set_new(one, "to_do", history_to_do(file));
    json_object_set_new(one, "plan", history_plan(file));
    extras_add(one, request, file);
    return one;
}

json_t *card_answer(const struct request *request, int64_t family)
{
    return json_pack("{s:o}", "case",
        card_whole(request, casework_find(request->agent, family)));
}
