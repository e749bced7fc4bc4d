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
#include "agentd/card.h"
#include "agentd/leaver_json.h"
#include "agentd/post.h"
#include "agentd/requests.h"
#include "agentd/sender.h"
#include "base/err.h"
#include "base/mem.h"
#include "record/codes.h"

/* --- list --- */

static bool is_from(
    const struct household_set *g, int64_t family, const struct laestab *from)
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
    SCOPED(household_end)
    struct household_set g = {.agent = request->agent, .err = err};
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
        rc = household_gather(&g, 0);
    for (size_t i = 0; rc == 0 && i < g.family_count; i++) {
        const struct call_family *f = &g.families[i];
        const char *name = calls_state_name(f->state);

        no_point += f->state == CALL_NO_CONTACT_POINT;
        if (!is_from(&g, f->id, &from) ||
            (state[0] != '\0' && strcmp(state, name) != 0) ||
            (state[0] == '\0' && !all && f->state != CALL_READY))
            continue;
        json_array_append_new(calls, card_json(&g, f));
    }
    json_object_set_new(*result, "blocked", blocked_json(no_point));
    if (rc == 0)
        rc = requests_audit(request, "list", NULL, 0, "", err);
    return rc;
}

/* --- card --- */

static void warn(json_t *warnings, const char *text)
{
    json_array_append_new(warnings, json_string(text));
}

static json_t *warnings_json(const struct household_set *g)
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

static json_t *joined(const struct household_set *g,
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

static json_t *languages_json(const struct household_set *g)
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

static json_t *from_json(const struct household_set *g)
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
    SCOPED(household_end)
    struct household_set g = {.agent = request->agent, .err = err};
    int64_t id;
    json_t *one;
    int rc = case_number(&id, request->args, err);

    if (rc == 0)
        rc = household_gather(&g, id);
    if (rc == 0 && g.family_count == 0)
        rc = err_set(err, ERR_NOT_FOUND, "there is no case with that number");
    request->next = "moveup list --all shows every case";
    if (rc == 0)
        rc = requests_audit(request, "card", NULL, id, "", err);
    if (rc < 0)
        return rc;
    one = card_json(&g, &g.families[0]);
    json_object_set_new(one, "warnings", warnings_json(&g));
    json_object_set_new(one, "say_first", joined(&g, strengths_of));
    json_object_set_new(one, "support", joined(&g, support_of));
    json_object_set_new(one, "languages", languages_json(&g));
    json_object_set_new(one, "from", from_json(&g));
    json_object_set_new(one, "before", json_array());
    *result = json_pack("{s:o}", "case", one);
    return 0;
}

/* --- read --- */

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
