/*
 * approach - strategies of the school: what comes first for the families of a
 * group, and how far it has got with them.
 */
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/desk.h"
#include "base/err.h"

/* How many of its families there are, and how many were spoken to. */
static json_t *strategy_json(
    const struct request *request, const struct event *event)
{
    const struct casework *c = request->agent->casework;
    const struct event_strategy *s = &event->u.strategy;
    json_int_t families = 0;
    json_int_t contacted = 0;

    for (size_t i = 0; i < c->count; i++) {
        const struct casework_file *file = c->files[i];

        if (file->pupil_count == 0 ||
            !strategy_has(s->group, &file->reach, file->reach_pupils,
                file->pupil_count, &file->pupils[0]->row.author))
            continue;
        families++;
        contacted += file->state.contacted_at.ms != 0;
    }
    return json_pack("{s:s,s:s,s:s,s:I,s:I,s:o,s:s,s:s}", "name", s->name,
        "group", s->group, "first",
        event_adjustment_name((enum adjustment)s->first), "families", families,
        "contacted", contacted, "since", args_time(event->at.ms), "by",
        event->login, "note", s->note);
}

/* The newest of that name that has not ended; NULL: none. */
static const struct event *find(const struct casework *c, const char *name)
{
    for (size_t i = 0; i < c->school.event_count; i++)
        if (strategy_stands(c->school.events, c->school.event_count, i) &&
            strcmp(c->school.events[i].u.strategy.name, name) == 0)
            return &c->school.events[i];
    return NULL;
}

static int read_strategy(
    struct event_strategy *out, struct request *request, struct err *err)
{
    const json_t *args = request->args;
    const char *first;
    int rc = args_need(&out->name, args, "name", STRATEGY_MAX_NAME, err);

    if (rc == 0)
        rc = args_need(&out->group, args, "group", 40, err);
    if (rc == 0)
        rc = args_need(&first, args, "first", 24, err);
    if (rc == 0)
        rc = args_text(&out->note, args, "note", 500, err);
    if (rc < 0)
        return rc;
    if (!strategy_is_group(out->group))
        return err_set(err, ERR_USAGE, "groups: %s", strategy_groups());
    out->first = event_adjustment_parse(first);
    if (!strategy_is_step((enum adjustment)out->first))
        return err_set(err, ERR_USAGE,
            "first: text-first, evening-call, weekend-call or via-primary");
    return 0;
}

int approach_set(json_t **result, struct request *request, struct err *err)
{
    struct event event = {.kind = EVENT_STRATEGY};
    int rc = read_strategy(&event.u.strategy, request, err);

    if (rc == 0)
        rc = desk_store(request, &event, "strategy.set", err);
    if (rc == 0)
        *result =
            json_pack("{s:o}", "strategy", strategy_json(request, &event));
    return rc;
}

int approach_end(json_t **result, struct request *request, struct err *err)
{
    struct event event = {.kind = EVENT_STRATEGY};
    const struct event *before;
    const char *name;
    int rc = args_need(&name, request->args, "name", STRATEGY_MAX_NAME, err);

    if (rc == 0)
        rc = casework_refresh(request->agent, err);
    if (rc < 0)
        return rc;
    before = find(request->agent->casework, name);
    request->next = "moveup strategy list shows them";
    if (before == NULL)
        return err_set(err, ERR_NOT_FOUND, "there is no strategy of that name");
    event.u.strategy = before->u.strategy;
    event.u.strategy.ended = true;
    rc = desk_store(request, &event, "strategy.end", err);
    if (rc == 0)
        *result = json_pack("{s:s}", "ended", name);
    return rc;
}

int approach_list(json_t **result, struct request *request, struct err *err)
{
    const struct casework *c = request->agent->casework;
    json_t *list = json_array();
    int rc = casework_refresh(request->agent, err);

    *result = json_pack("{s:o}", "strategies", list);
    for (size_t i = 0; rc == 0 && i < c->school.event_count; i++)
        if (strategy_stands(c->school.events, c->school.event_count, i))
            json_array_append_new(
                list, strategy_json(request, &c->school.events[i]));
    return rc < 0 ? rc
                  : requests_audit(request, "strategy.list", NULL, 0, "", err);
}
