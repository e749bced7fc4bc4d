/*
 * family - at the secondary: the families to call, a card for each, and "I have
 * read this record".
 *
 * Everything shown about a received record goes through visible_contacts();
 * this file walks struct visible and never a leaver's own contacts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/blob.h"
#include "agentd/leaver_json.h"
#include "agentd/post.h"
#include "agentd/requests.h"
#include "agentd/sender.h"
#include "base/err.h"
#include "base/mem.h"
#include "outreach/calls.h"
#include "record/codes.h"
#include "record/upn.h"
#include "store/inbox.h"

/* One pupil of a family, opened. */
struct pupil {
    struct inbox_record row;
    struct leaver leaver;
    struct visible visible;
};

/* All families, or one, opened into one arena. */
struct gathering {
    struct agent *agent;
    struct err *err;
    struct arena arena;
    struct pupil **pupils;
    size_t pupil_count, pupil_room;
    struct call_family *families;
    size_t family_count, family_room;
};

static void gathering_end(struct gathering *g)
{
    free(g->pupils);
    free(g->families);
    arena_free(&g->arena);
}

static bool has_point(const struct visible *visible)
{
    for (size_t i = 0; i < visible->count; i++)
        for (size_t j = 0; j < visible->contacts[i].point_count; j++) {
            const struct leaver_point *p = visible->contacts[i].points[j];

            if (p->dial[0] != '\0' && p->kind != POINT_FAX &&
                p->kind != POINT_OTHER)
                return true;
        }
    return false;
}

static void count_family(struct gathering *g, const struct pupil *pupil)
{
    struct call_family *f = NULL;
    const enum call_tier tier = calls_tier(&pupil->leaver);

    if (g->family_count > 0 &&
        g->families[g->family_count - 1].id == pupil->row.family)
        f = &g->families[g->family_count - 1];
    if (f == NULL) {
        if (g->family_count == g->family_room) {
            g->family_room = g->family_room == 0 ? 64 : 2 * g->family_room;
            g->families =
                mem_resize(g->families, g->family_room, sizeof g->families[0]);
        }
        f = &g->families[g->family_count++];
        *f = (struct call_family){.id = pupil->row.family,
            .tier = tier,
            .oldest_record = pupil->row.applied_at};
    }
    f->has_point |= has_point(&pupil->visible);
    if (tier > f->tier)
        f->tier = tier;
    if (pupil->row.applied_at.ms < f->oldest_record.ms)
        f->oldest_record = pupil->row.applied_at;
}

static int gather_one(void *arg, const struct inbox_record *row)
{
    struct gathering *g = arg;
    struct pupil *pupil = arena_take(&g->arena, sizeof *pupil);
    int rc = blob_open(&pupil->leaver, g->agent, BLOB_RECORD, row->id,
        row->sealed, &g->arena, g->err);

    if (rc < 0)
        return rc;
    pupil->row = *row;
    pupil->row.sealed = (struct bytes){NULL, 0};
    visible_contacts(&pupil->visible, &pupil->leaver);
    if (g->pupil_count == g->pupil_room) {
        g->pupil_room = g->pupil_room == 0 ? 64 : 2 * g->pupil_room;
        g->pupils = mem_resize(g->pupils, g->pupil_room, sizeof g->pupils[0]);
    }
    g->pupils[g->pupil_count++] = pupil;
    count_family(g, pupil);
    return 0;
}

static int gather(struct gathering *g, int64_t family)
{
    int rc = inbox_each_record(g->agent->db, family, gather_one, g, g->err);

    if (rc == 0)
        calls_order(g->families, g->family_count);
    return rc;
}

/* --- JSON of one family
 * ------------------------------------------------------------ */

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

static json_t *pupil_json(const struct pupil *p)
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
static json_t *contacts_json(const struct gathering *g, int64_t family)
{
    json_t *list = json_array();
    json_int_t offset = 0;

    for (size_t i = 0; i < g->pupil_count; i++) {
        const struct pupil *p = g->pupils[i];

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

static const struct pupil *first_pupil(
    const struct gathering *g, int64_t family)
{
    for (size_t i = 0; i < g->pupil_count; i++)
        if (g->pupils[i]->row.family == family)
            return g->pupils[i];
    return NULL;
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

static json_t *family_json(
    const struct gathering *g, const struct call_family *family)
{
    const struct pupil *first = first_pupil(g, family->id);
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

/* --- list
 * -------------------------------------------------------------------------- */

static bool is_from(
    const struct gathering *g, int64_t family, const struct laestab *from)
{
    if (from->text[0] == '\0')
        return true;
    for (size_t i = 0; i < g->pupil_count; i++)
        if (g->pupils[i]->row.family == family &&
            laestab_equal(&g->pupils[i]->row.author, from))
            return true;
    return false;
}

static json_t *blocked_json(json_int_t no_point)
{
    return json_pack("{s:i,s:i,s:i,s:I,s:i,s:i,s:i,s:i,s:i}", "call_back_later",
        0, "called_too_recently", 0, "leased", 0, "no_usable_point", no_point,
        "awaiting_record", 0, "held", 0, "action_needed", 0, "escalated", 0,
        "declined", 0);
}

int family_list(json_t **result, struct request *request, struct err *err)
{
    SCOPED(gathering_end)
    struct gathering g = {.agent = request->agent, .err = err};
    const bool all = args_flag(request->args, "all");
    struct laestab from;
    const char *state;
    json_int_t no_point = 0;
    json_t *calls = json_array();
    int rc = args_school(&from, request->args, "from", err);

    *result = json_pack("{s:o}", "calls", calls);
    if (rc == 0)
        rc = args_text(&state, request->args, "state", 32, err);
    if (rc == 0)
        rc = gather(&g, 0);
    for (size_t i = 0; rc == 0 && i < g.family_count; i++) {
        const struct call_family *f = &g.families[i];
        const char *name = calls_state_name(f->state);

        no_point += f->state == CALL_NO_CONTACT_POINT;
        if (!is_from(&g, f->id, &from) ||
            (state[0] != '\0' && strcmp(state, name) != 0) ||
            (state[0] == '\0' && !all && f->state != CALL_READY))
            continue;
        json_array_append_new(calls, family_json(&g, f));
    }
    json_object_set_new(*result, "blocked", blocked_json(no_point));
    if (rc == 0)
        rc = requests_audit(request, "list", NULL, 0, "", err);
    return rc;
}

/* --- card
 * -------------------------------------------------------------------------- */

static void warn(json_t *warnings, const char *text)
{
    json_array_append_new(warnings, json_string(text));
}

static json_t *warnings_json(const struct gathering *g)
{
    json_t *list = json_array();
    bool restricted = false;
    bool withheld = false;
    bool unnamed = false;

    for (size_t i = 0; i < g->pupil_count; i++) {
        const struct visible *v = &g->pupils[i]->visible;

        restricted |= v->withheld > 0;
        unnamed |= v->pupil_not_to_be_named;
        for (size_t j = 0; j < v->count; j++)
            withheld |= v->contacts[j].point_withheld;
    }
    if (restricted)
        warn(list, "Another adult is restricted. Speak only to the people "
                   "shown here.");
    if (withheld)
        warn(list, "A number is not shown because a restricted adult might "
                   "answer it.");
    if (unnamed)
        warn(list, "Do not name the child until you know who is speaking.");
    return list;
}

static json_t *joined(const struct gathering *g,
    const char *(*text_of)(const struct leaver *leaver))
{
    SCOPED(buf_free) struct buf out = BUF_EMPTY;

    for (size_t i = 0; i < g->pupil_count; i++) {
        const char *text = text_of(&g->pupils[i]->leaver);

        if (text[0] != '\0')
            buf_format(&out, "%s%s: %s", out.len > 0 ? "; " : "",
                leaver_known_forename(&g->pupils[i]->leaver), text);
    }
    buf_add(&out, (struct bytes){(const uint8_t *)"", 1});
    return args_string((const char *)out.data);
}

static const char *strengths_of(const struct leaver *leaver)
{
    return leaver->strengths;
}

static const char *support_of(const struct leaver *leaver)
{
    if (leaver->in_care == STATED_YES)
        return "looked after by the local authority: call the carer and the "
               "social worker";
    if (strcmp(leaver->sen_provision, "E") == 0)
        return "has an education, health and care plan: ask the SENCO first";
    if (strcmp(leaver->sen_provision, "K") == 0)
        return "has SEN support";
    if (leaver->medical_flag == STATED_YES)
        return "has a medical condition: ask the primary school what helps";
    return "";
}

static json_t *languages_json(const struct gathering *g)
{
    json_t *list = json_array();

    for (size_t i = 0; i < g->pupil_count; i++)
        for (size_t j = 0; j < g->pupils[i]->leaver.language_count; j++) {
            const struct leaver_language *l =
                &g->pupils[i]->leaver.languages[j];

            json_array_append_new(list,
                json_pack("{s:s,s:s,s:s,s:s}", "upn", g->pupils[i]->leaver.upn,
                    "type", l->type, "code", l->code, "name",
                    codes_describe(CODES_LANGUAGE, l->code)));
        }
    return list;
}

static json_t *from_json(const struct gathering *g)
{
    json_t *list = json_array();

    for (size_t i = 0; i < g->pupil_count; i++) {
        const struct laestab *author = &g->pupils[i]->row.author;
        json_t *one = json_pack("{s:s,s:s}", "laestab", author->text, "name",
            agent_school_name(g->agent, author));
        bool known = false;
        size_t j;
        json_t *other;

        json_array_foreach(list, j, other) known |= json_equal(one, other);
        if (known)
            json_decref(one);
        else
            json_array_append_new(list, one);
    }
    return list;
}

static int case_number(int64_t *out, const json_t *args, struct err *err)
{
    const char *text;
    char *end;
    int rc = args_need(&text, args, "case", 20, err);

    if (rc < 0)
        return rc;
    *out = strtoll(text, &end, 10);
    if (*end != '\0' || *out < 1)
        return err_set(err, ERR_USAGE, "a case is a number, like 118");
    return 0;
}

int family_card(json_t **result, struct request *request, struct err *err)
{
    SCOPED(gathering_end)
    struct gathering g = {.agent = request->agent, .err = err};
    int64_t id;
    json_t *one;
    int rc = case_number(&id, request->args, err);

    if (rc == 0)
        rc = gather(&g, id);
    if (rc == 0 && g.family_count == 0)
        rc = err_set(err, ERR_NOT_FOUND, "there is no case with that number");
    request->next = "moveup list --all shows every case";
    if (rc == 0)
        rc = requests_audit(request, "card", NULL, id, "", err);
    if (rc < 0)
        return rc;
    one = family_json(&g, &g.families[0]);
    json_object_set_new(one, "warnings", warnings_json(&g));
    json_object_set_new(one, "say_first", joined(&g, strengths_of));
    json_object_set_new(one, "support", joined(&g, support_of));
    json_object_set_new(one, "languages", languages_json(&g));
    json_object_set_new(one, "from", from_json(&g));
    json_object_set_new(one, "before", json_array());
    *result = json_pack("{s:o}", "case", one);
    return 0;
}

/* --- read
 * -------------------------------------------------------------------------- */

static int read_one(
    json_t *list, struct request *request, const char *upn, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct agent *agent = request->agent;
    struct batch_item item = {.kind = ITEM_READ};
    struct inbox_record row;
    struct tag tag;
    uint64_t first;
    int64_t stream;
    int rc;

    agent_upn_tag(&tag, agent, upn);
    rc = inbox_find_record(&row, agent->db, &tag, &arena, err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, rc, "no record with one of these UPNs is here");
    if (rc == 0)
        rc = inbox_mark_read(agent->db, row.id, row.revision, request->role,
            request->actor.login, clock_wall(), err);
    if (rc == 0)
        rc = requests_audit(request, "read", &tag, row.family, "", err);
    item.u.read.upn = upn;
    item.u.read.revision = row.revision;
    item.u.read.role = request->role;
    item.u.read.at = clock_wall();
    if (rc == 0)
        rc = sender_append(
            agent, &first, &stream, &row.author, LANE_NORMAL, &item, 1, err);
    if (rc == 0)
        json_array_append_new(
            list, json_pack("{s:s,s:I,s:s}", "upn", upn, "revision",
                      (json_int_t)row.revision, "role", request->role));
    return rc;
}

int family_read(json_t **result, struct request *request, struct err *err)
{
    const json_t *upns = json_object_get(request->args, "upns");
    json_t *list = json_array();
    json_t *value;
    size_t i;
    int rc = 0;

    *result = json_pack("{s:o}", "read", list);
    if (json_array_size(upns) == 0)
        return err_set(err, ERR_USAGE, "say which records: one or more UPNs");
    rc = db_begin(request->agent->db, err);
    json_array_foreach(upns, i, value)
    {
        if (rc == 0 && !json_is_string(value))
            rc = err_set(err, ERR_USAGE, "a UPN must be text");
        if (rc == 0)
            rc = read_one(list, request, json_string_value(value), err);
    }
    if (rc == 0)
        rc = db_commit(request->agent->db, err);
    if (rc == 0)
        post_kick(request->agent->post);
    return rc;
}
