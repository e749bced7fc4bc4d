/*
 * decide - what the lead or the safeguarding lead decides about a family: go
 * on, hold, act, write instead, try again, or reach it another way.
 */
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/card.h"
#include "agentd/history.h"
#include "base/err.h"
#include "outreach/when.h"

static const struct {
    const char *name;
    enum review review;
} DECISIONS[] = {
    {"go-on", REVIEW_RESUME},
    {"hold", REVIEW_HOLD},
    {"act", REVIEW_ACTION},
    {"writing", REVIEW_DECLINED},
};

static int read_decision(
    enum review *review, const struct request *request, struct err *err)
{
    const char *text;
    int rc = args_need(&text, request->args, "decision", 16, err);

    for (size_t i = 0; i < sizeof DECISIONS / sizeof DECISIONS[0]; i++)
        if (rc == 0 && strcmp(DECISIONS[i].name, text) == 0) {
            *review = DECISIONS[i].review;
            return 0;
        }
    return rc < 0 ? rc
                  : err_set(err, ERR_USAGE,
                        "not a decision; say go-on, hold, act or writing");
}

/* What the safeguarding lead holds, only the safeguarding lead lets go. */
static int may_decide(
    struct request *request, const struct casework_file *file, struct err *err)
{
    const struct state *s = &file->state;
    const bool safeguarding = s->concern || s->stopped || s->code == STATE_HELD;

    if (!safeguarding || (request->actor.roles & ROLE_DSL) != 0)
        return 0;
    request->next = "Ask your designated safeguarding lead";
    return err_set(err, ERR_DENIED, "this needs one of the roles dsl");
}

static int answer(json_t **result, struct request *request, int64_t family)
{
    const struct casework_file *file = casework_find(request->agent, family);

    *result = json_pack("{s:o,s:s,s:o}", "case", card_short(request, file),
        "state_text", state_text(file->state.code), "plan", history_plan(file));
    return 0;
}

int decide_review(json_t **result, struct request *request, struct err *err)
{
    struct event event = {.kind = EVENT_REVIEW};
    struct casework_file *file;
    int rc = desk_case(&file, request, err);

    if (rc == 0)
        rc = read_decision(&event.u.review.review, request, err);
    if (rc == 0)
        rc = args_need(&event.u.review.reason, request->args, "reason",
            EVENT_MAX_TEXT, err);
    if (rc == 0)
        rc = args_text(&event.u.review.owner, request->args, "owner", 32, err);
    if (rc == 0)
        rc = may_decide(request, file, err);
    if (rc < 0)
        return rc;
    event.family = file->family;
    rc = desk_store(request, &event, "review", err);
    return rc < 0 ? rc : answer(result, request, event.family);
}

int decide_more(json_t **result, struct request *request, struct err *err)
{
    struct event event = {.kind = EVENT_LADDER};
    struct casework_file *file;
    int64_t more = 0;
    int rc = desk_case(&file, request, err);

    if (rc == 0)
        rc = args_number(&more, request->args, "more", 1, 20, err);
    if (rc == 0)
        rc = args_need(&event.u.ladder.reason, request->args, "reason",
            EVENT_MAX_TEXT, err);
    if (rc < 0)
        return rc;
    event.family = file->family;
    event.u.ladder.more = (uint32_t)more;
    rc = desk_store(request, &event, "ladder", err);
    return rc < 0 ? rc : answer(result, request, event.family);
}

static int read_plan(
    struct event_plan *plan, const struct request *request, struct err *err)
{
    const json_t *args = request->args;
    const char *by;
    const char *when;
    int rc = args_need(&by, args, "by", 20, err);

    if (rc == 0)
        rc = args_text(&when, args, "when", 40, err);
    if (rc == 0)
        rc = args_text(&plan->place, args, "place", EVENT_MAX_NAME, err);
    if (rc == 0)
        rc = args_text(&plan->who, args, "who", EVENT_MAX_NAME, err);
    if (rc == 0)
        rc = args_text(&plan->note, args, "note", EVENT_MAX_NAME, err);
    if (rc < 0)
        return rc;
    plan->channel = event_channel_parse(by);
    if (plan->channel == 0)
        return err_set(err, ERR_USAGE,
            "not a way of reaching somebody; say home-visit, at-primary, "
            "at-secondary, via-primary, letter, video, voice, text or email");
    return when[0] == '\0' ? 0
                           : when_parse(&plan->when, when,
                                 request->agent->casework->now, err);
}

int decide_plan(json_t **result, struct request *request, struct err *err)
{
    struct event event = {.kind = EVENT_PLAN};
    struct casework_file *file;
    int rc = desk_case(&file, request, err);

    if (rc == 0)
        rc = read_plan(&event.u.plan, request, err);
    if (rc < 0)
        return rc;
    event.family = file->family;
    rc = desk_store(request, &event, "plan", err);
    return rc < 0 ? rc : answer(result, request, event.family);
}

/* --- families past the ladder --- */

static void add_bands(json_t *list, unsigned bands)
{
    for (enum band band = BAND_MORNING; band <= BAND_SATURDAY; band++)
        if ((bands & BAND_BIT(band)) != 0)
            json_array_append_new(list, args_string(bands_code(band)));
}

/* Numbers that could be rung and never were. */
static json_int_t untried_points(const struct casework_file *file)
{
    json_int_t count = 0;

    for (size_t i = 0; i < file->reach.count; i++)
        for (size_t j = 0; j < file->reach.people[i].point_count; j++) {
            const struct reach_point *point = &file->reach.people[i].points[j];
            bool tried = false;

            for (size_t k = 0; k < file->event_count; k++)
                tried |=
                    file->events[k].kind == EVENT_ATTEMPT &&
                    strcmp(file->events[k].u.attempt.value, point->value) == 0;
            count += reach_rings(point) && !tried;
        }
    return count;
}

static unsigned channels_tried(const struct casework_file *file)
{
    unsigned tried = 0;

    for (size_t i = 0; i < file->event_count; i++)
        if (file->events[i].kind == EVENT_ATTEMPT)
            tried |= 1U << file->events[i].u.attempt.channel;
    return tried;
}

static json_t *escalated_json(
    const struct request *request, const struct casework_file *file)
{
    const unsigned every = (1U << BAND_COUNT) - 1;
    const unsigned used = channels_tried(file);
    json_t *one = card_short(request, file);
    json_t *tried = json_array();
    json_t *untried = json_array();
    json_t *ways = json_array();
    json_t *other = json_array();

    add_bands(tried, file->state.bands);
    add_bands(untried, every & ~file->state.bands);
    for (unsigned c = CHANNEL_VOICE; c <= CHANNEL_LAST; c++)
        json_array_append_new((used >> c & 1) != 0 ? ways : other,
            args_string(event_channel_name((enum event_channel)c)));
    json_object_set_new(one, "bands_tried", tried);
    json_object_set_new(one, "bands_not_tried", untried);
    json_object_set_new(one, "ways_tried", ways);
    json_object_set_new(one, "ways_not_tried", other);
    json_object_set_new(
        one, "numbers_not_tried", json_integer(untried_points(file)));
    json_object_set_new(one, "plan", history_plan(file));
    json_object_set_new(one, "before", history_json(request, file));
    return one;
}

int decide_escalated(json_t **result, struct request *request, struct err *err)
{
    const struct casework *c = request->agent->casework;
    json_t *list = json_array();
    int rc = casework_refresh(request->agent, err);

    *result = json_pack("{s:o}", "escalated", list);
    for (size_t i = 0; rc == 0 && i < c->count; i++)
        if (c->files[i]->pupil_count > 0 &&
            c->files[i]->state.code == STATE_ESCALATED)
            json_array_append_new(list, escalated_json(request, c->files[i]));
    return rc < 0 ? rc : requests_audit(request, "escalated", NULL, 0, "", err);
}
