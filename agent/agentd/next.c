#include "agentd/next.h"

#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/card.h"
#include "agentd/looks.h"
#include "base/err.h"
#include "base/mem.h"
#include "outreach/when.h"

/* The family that the caller has already; NULL if none. */
static struct casework_file *held_by(const struct request *request)
{
    const struct casework *c = request->agent->casework;
    struct casework_file *newest = NULL;

    for (size_t i = 0; i < c->count; i++) {
        const struct state *s = &c->files[i]->state;

        if (c->files[i]->pupil_count > 0 && s->held_until.ms > c->now.ms &&
            strcmp(s->holder, request->actor.login) == 0 &&
            (newest == NULL || s->held_until.ms > newest->state.held_until.ms))
            newest = c->files[i];
    }
    return newest;
}

struct casework_file *next_held(const struct request *request)
{
    return held_by(request);
}

/* Out of hours only what was agreed with the family. */
static bool may_ring(const struct request *request,
    const struct order_entry *entry, bool interpreter)
{
    const struct casework *c = request->agent->casework;
    const struct casework_file *file =
        casework_find(request->agent, entry->family);

    if (entry->group == ORDER_NOT_NOW)
        return false;
    if (entry->group != ORDER_APPOINTMENT &&
        !bands_open(&c->policy.hours, c->now))
        return false;
    return interpreter || !desk_needs_language(request, file);
}

static struct casework_file *choose(const struct request *request,
    const struct order_entry *entries, size_t count, bool interpreter)
{
    for (size_t i = 0; i < count; i++)
        if (may_ring(request, &entries[i], interpreter))
            return casework_find(request->agent, entries[i].family);
    return NULL;
}

static int lease(
    struct request *request, const struct casework_file *file, struct err *err)
{
    const struct casework *c = request->agent->casework;
    struct event event = {.kind = EVENT_LEASE, .family = file->family};
    struct planner_suggestion suggestion;
    const struct reach_person *person;

    desk_suggest(&suggestion, request, file);
    event.at = c->now;
    event.u.lease.until =
        (wall){c->now.ms + (int64_t)c->policy.lease_minutes * 60 * 1000};
    person = reach_person(&file->reach, suggestion.contact);
    if (person != NULL) {
        const struct reach_point *point = reach_point(person, suggestion.point);

        event.u.lease.record = person->record;
        event.u.lease.contact = person->contact;
        event.u.lease.value = point == NULL ? "" : point->value;
    }
    return desk_add(request, &event, err);
}

static int give_back(
    struct request *request, const struct casework_file *file, struct err *err)
{
    struct event event = {.kind = EVENT_LEASE, .family = file->family};

    event.at = request->agent->casework->now;
    return desk_add(request, &event, err);
}

static int take(int64_t *family, struct request *request, struct err *err)
{
    SCOPED(mem_freep) struct order_entry *entries = NULL;
    struct casework_file *file = held_by(request);
    size_t count = 0;
    int rc;

    *family = file == NULL ? 0 : file->family;
    if (file != NULL && !args_flag(request->args, "another"))
        return 0; /* asking twice gives the same family */
    rc = file == NULL ? 0 : give_back(request, file, err);
    entries = desk_order(&count, request);
    file = choose(
        request, entries, count, args_flag(request->args, "interpreter"));
    *family = file == NULL ? 0 : file->family;
    if (rc == 0 && file != NULL)
        rc = lease(request, file, err);
    return rc;
}

static json_t *nobody_json(const struct request *request)
{
    SCOPED(mem_freep) struct order_entry *entries = NULL;
    size_t count = 0;

    entries = desk_order(&count, request);
    return json_pack(
        "{s:n,s:o}", "case", "blocked", desk_blocked(request, entries, count));
}

int next_take(json_t **result, struct request *request, struct err *err)
{
    struct agent *agent = request->agent;
    const struct casework_file *file;
    int64_t family = 0;
    int rc = casework_refresh(agent, err);

    if (rc == 0)
        rc = db_begin(agent->db, err);
    if (rc == 0)
        rc = take(&family, request, err);
    if (rc == 0)
        rc = people_audit(agent->db, clock_wall(), request->actor.login, "next",
            NULL, family, "", err);
    file = rc == 0 ? casework_find(agent, family) : NULL;
    if (rc == 0 && file != NULL)
        rc = looks_note(request, file, err);
    if (rc == 0)
        rc = db_commit(agent->db, err);
    if (rc == 0)
        rc = casework_refresh(agent, err);
    if (rc < 0)
        return rc;
    file = casework_find(agent, family);
    if (file == NULL) {
        *result = nobody_json(request);
        return 0;
    }
    *result = json_pack("{s:o,s:o}", "case", card_whole(request, file),
        "lease_until", args_time(file->state.held_until.ms));
    return 0;
}

int next_release(json_t **result, struct request *request, struct err *err)
{
    const struct casework_file *file;
    int rc = casework_refresh(request->agent, err);

    if (rc < 0)
        return rc;
    file = held_by(request);
    request->next = "moveup next takes one";
    if (file == NULL)
        return err_set(err, ERR_STATE, "you have no family to give back");
    rc = db_begin(request->agent->db, err);
    if (rc == 0)
        rc = give_back(request, file, err);
    if (rc == 0)
        rc = db_commit(request->agent->db, err);
    if (rc == 0)
        *result = json_pack("{s:I}", "released", (json_int_t)file->family);
    return rc;
}
