/*
 * family - at the secondary: the families to call, a card for each, and "I have
 * read this record".
 */
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/card.h"
#include "agentd/looks.h"
#include "agentd/post.h"
#include "agentd/sender.h"
#include "base/err.h"
#include "base/mem.h"

/* --- list --- */

/* What was asked for. */
struct choice {
    struct laestab from;
    const char *state;
    bool not_contacted;
    bool all;
};

static bool is_from(
    const struct casework_file *file, const struct laestab *from)
{
    if (from->text[0] == '\0')
        return true;
    for (size_t i = 0; i < file->pupil_count; i++)
        if (laestab_equal(&file->pupils[i]->row.author, from))
            return true;
    return false;
}

static bool is_chosen(
    const struct casework_file *file, const struct choice *choice)
{
    const struct state *state = &file->state;

    if (!is_from(file, &choice->from))
        return false;
    if (choice->not_contacted)
        return state->contacted_at.ms == 0 && state->code > STATE_STARTED;
    if (choice->state[0] != '\0')
        return strcmp(choice->state, state_name(state->code)) == 0;
    return choice->all || state->callable;
}

static int read_choice(
    struct choice *choice, const struct request *request, struct err *err)
{
    int rc = args_school(&choice->from, request->args, "from", err);

    if (rc == 0)
        rc = args_text(&choice->state, request->args, "state", 32, err);
    if (rc < 0)
        return rc;
    choice->all = args_flag(request->args, "all");
    choice->not_contacted = strcmp(choice->state, "not-contacted") == 0;
    if (choice->state[0] != '\0' && !choice->not_contacted &&
        state_parse(choice->state) == 0)
        return err_set(err, ERR_USAGE,
            "not a state; say ready, retry-due, cooling, call-back, "
            "allocated, escalated, contacted, complete, no-contact-point, "
            "action-needed, held, declined or not-contacted");
    return 0;
}

int family_list(json_t **result, struct request *request, struct err *err)
{
    SCOPED(mem_freep) struct order_entry *entries = NULL;
    struct choice choice = {.state = ""};
    json_t *calls = json_array();
    size_t count = 0;
    int rc;

    *result = json_pack("{s:o}", "calls", calls);
    rc = read_choice(&choice, request, err);
    if (rc == 0)
        rc = casework_refresh(request->agent, err);
    if (rc < 0)
        return rc;
    entries = desk_order(&count, request);
    for (size_t i = 0; i < count; i++) {
        const struct casework_file *file =
            casework_find(request->agent, entries[i].family);
        json_t *one;

        if (!is_chosen(file, &choice))
            continue;
        one = card_short(request, file);
        json_object_set_new(
            one, "order", args_string(order_text(entries[i].group)));
        json_object_set_new(
            one, "state_text", args_string(state_text(file->state.code)));
        json_array_append_new(calls, one);
    }
    json_object_set_new(
        *result, "blocked", desk_blocked(request, entries, count));
    return requests_audit(request, "list", NULL, 0, "", err);
}

/* --- card --- */

int family_card(json_t **result, struct request *request, struct err *err)
{
    struct casework_file *file;
    int rc = desk_case(&file, request, err);

    if (rc == 0)
        rc = requests_audit(request, "card", NULL, file->family, "", err);
    if (rc == 0)
        rc = looks_note(request, file, err);
    if (rc == 0)
        *result = json_pack("{s:o}", "case", card_whole(request, file));
    return rc;
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
