#include "agentd/card.h"

#include <stdio.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/leaver_json.h"
#include "base/err.h"

static json_t *points_json(const struct visible_contact *c)
{
    json_t *list = json_array();

    for (size_t i = 0; i < c->point_count; i++) {
        const struct leaver_point *p = c->points[i];

        json_array_append_new(
            list, json_pack("{s:I,s:s,s:s,s:s,s:s}", "n", (json_int_t)p->number,
                      "kind", leaver_json_kind(p->kind), "value",
                      p->dial[0] != '\0' ? p->dial : p->raw, "raw", p->raw,
                      "status", "unverified"));
    }
    return list;
}

/* offset keeps the numbers of siblings' contacts apart. */
static json_t *contact_json(const struct visible_contact *v, json_int_t offset)
{
    const struct leaver_contact *c = v->contact;

    return json_pack("{s:I,s:I,s:o,s:s,s:s,s:s,s:s,s:o,s:b,s:b,s:b}", "n",
        (json_int_t)c->number + offset, "order", (json_int_t)c->order, "name",
        leaver_json_name(c), "relationship", c->relationship,
        "parental_responsibility", leaver_json_stated(c->responsibility),
        "language", c->language, "interpreter",
        leaver_json_interpreter(c->interpreter), "points", points_json(v),
        "voicemail_ok", !v->no_voicemail, "text_ok", !v->no_text,
        "number_withheld", v->point_withheld);
}

static json_t *needs_json(const struct leaver *leaver)
{
    json_t *needs = json_array();

    for (size_t i = 0; i < leaver->need_count; i++)
        if (!date_is_set(leaver->needs[i].end))
            json_array_append_new(needs, args_string(leaver->needs[i].type));
    return needs;
}

static json_t *pupil_json(const struct household_pupil *p)
{
    const struct leaver *l = &p->leaver;

    return json_pack("{s:s,s:s,s:s,s:s,s:o,s:s,s:s,s:I,s:o,s:o}", "upn", l->upn,
        "surname", leaver_known_surname(l), "forename",
        leaver_known_forename(l), "from", p->row.author.text, "needs",
        needs_json(l), "sen_provision", l->sen_provision, "in_care",
        leaver_json_stated(l->in_care), "revision", (json_int_t)p->row.revision,
        "read_by",
        p->row.read_at.ms == 0 ? json_null() : args_string(p->row.read_role),
        "read_at", args_time(p->row.read_at.ms));
}

static bool known_already(const json_t *contacts, const json_t *fresh)
{
    size_t i;
    json_t *one;

    json_array_foreach(contacts, i, one)
    {
        if (json_equal(
                json_object_get(one, "name"), json_object_get(fresh, "name")) &&
            json_equal(json_object_get(one, "points"),
                json_object_get(fresh, "points")))
            return true;
    }
    return false;
}

/* Contacts of all the family's pupils; the same person with the same points is
 * listed once. */
static json_t *contacts_json(const struct household_set *g, int64_t family)
{
    json_t *list = json_array();
    json_int_t offset = 0;

    for (size_t i = 0; i < g->pupil_count; i++) {
        const struct household_pupil *p = g->pupils[i];

        for (size_t j = 0; p->row.family == family && j < p->visible.count;
             j++) {
            json_t *one = contact_json(&p->visible.contacts[j], offset);

            if (known_already(list, one))
                json_decref(one);
            else
                json_array_append_new(list, one);
        }
        offset += p->row.family == family ? 100 : 0;
    }
    return list;
}

static struct date deadline_of(
    const struct agent *agent, const struct leaver *leaver)
{
    struct date entry = leaver->entry_date;
    struct err err;

    if (!date_is_set(entry) && agent->settings.entry_date[0] != '\0' &&
        date_parse(&entry, agent->settings.entry_date, &err) < 0)
        entry = (struct date){0, 0, 0};
    return calls_deadline(entry, date_today(clock_wall()));
}

static json_t *suggest_json(const struct visible *visible)
{
    struct call_suggestion s;

    calls_suggest(&s, visible);
    return json_pack("{s:I,s:I,s:s,s:s}", "contact", (json_int_t)s.contact,
        "point", (json_int_t)s.point, "band", s.band, "why", s.why);
}

json_t *card_json(
    const struct household_set *g, const struct call_family *family)
{
    const struct household_pupil *first = household_first(g, family->id);
    json_t *pupils = json_array();
    char id[24];
    char deadline[DATE_TEXT_SIZE];
    size_t withheld = 0;

    for (size_t i = 0; i < g->pupil_count; i++) {
        if (g->pupils[i]->row.family != family->id)
            continue;
        json_array_append_new(pupils, pupil_json(g->pupils[i]));
        if (g->pupils[i]->visible.withheld > withheld)
            withheld = g->pupils[i]->visible.withheld;
    }
    snprintf(id, sizeof id, "%lld", (long long)family->id);
    date_format(deadline_of(g->agent, &first->leaver), deadline);
    return json_pack("{s:s,s:s,s:s,s:i,s:o,s:o,s:o,s:I}", "case", id, "state",
        calls_state_name(family->state), "deadline", deadline, "tries", 0,
        "pupils", pupils, "contacts", contacts_json(g, family->id), "suggest",
        suggest_json(&first->visible), "restricted_adults",
        (json_int_t)withheld);
}
