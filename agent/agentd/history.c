#include "agentd/history.h"

#include <stdio.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "wire/batch.h"

static const char *const SOURCES[] = {"", "stated", "observed", "assumed"};
static const char *const STATUSES[] = {
    "", "open", "adjusted", "resolved", "not-a-barrier"};

static const char *channel_words(enum event_channel channel)
{
    static const char *const words[] = {"", "", "by text", "by e-mail",
        "by letter", "at the primary school", "at school", "at home",
        "by video", "through the primary school"};

    return words[channel];
}

/* "Tue 8 Jun 10:05 no answer (jl)" */
static void add_line(struct buf *line, const struct event *event)
{
    const struct event_attempt *a = &event->u.attempt;
    const char *how = channel_words(a->channel);
    char when[WHEN_TEXT_SIZE];
    char back[WHEN_TEXT_SIZE];

    buf_format(line, "%s %s%s%s%s%s", when_format(event->at, when),
        a->inbound && a->outcome != OUTCOME_INBOUND_MISSED ? "they rang: " : "",
        outcome_row(a->outcome)->text, how[0] == '\0' ? "" : " ", how,
        a->interpreter ? ", with an interpreter" : "");
    if (a->call_back.ms != 0)
        buf_format(line, ", call back %s", when_format(a->call_back, back));
    buf_format(line, " (%s)", event->login);
}

static json_t *attempt_json(const struct request *request,
    const struct casework_file *file, const struct event *event)
{
    const struct event_attempt *a = &event->u.attempt;
    const bool secret = (a->concern || a->outcome == OUTCOME_CONCERN) &&
                        (request->actor.roles & DESK_SAFEGUARDING) == 0;
    SCOPED(buf_free) struct buf line = BUF_EMPTY;
    bool withheld = false;
    const char *said = secret ? "" : desk_shown(file, a->said, &withheld);
    const char *note = secret ? "" : desk_shown(file, a->note, &withheld);

    add_line(&line, event);
    if (said[0] != '\0')
        buf_format(&line, ": \"%s\"", said);
    if (note[0] != '\0')
        buf_format(&line, "; %s", note);
    if (withheld)
        buf_format(&line, "; a note names a restricted adult and is not shown");
    buf_add(&line, (struct bytes){(const uint8_t *)"", 1});
    return json_pack("{s:o,s:s,s:s,s:s,s:s,s:b,s:s,s:s,s:s,s:b}", "at",
        args_time(event->at.ms), "by", event->login, "outcome",
        outcome_row(a->outcome)->name, "channel",
        event_channel_name(a->channel), "band",
        a->band == 0 ? "" : bands_code(a->band), "inbound", a->inbound, "said",
        said, "note", note, "text", (const char *)line.data, "own_choice",
        a->own_choice);
}

json_t *history_json(
    const struct request *request, const struct casework_file *file)
{
    json_t *list = json_array();

    for (size_t i = 0; i < file->event_count; i++) {
        const struct event *event = &file->events[i];

        if (event->kind != EVENT_ATTEMPT)
            continue;
        /* that there was a concern is for the safeguarding lead as well */
        if (event->u.attempt.outcome == OUTCOME_CONCERN &&
            (request->actor.roles & DESK_SAFEGUARDING) == 0)
            continue;
        json_array_append_new(list, attempt_json(request, file, event));
    }
    return list;
}

static const char *barrier_text(enum barrier barrier)
{
    static const char *const texts[] = {"", "time: shifts or several jobs",
        "language", "childcare", "reading and writing",
        "does not know how schools work here", "bad experience of school",
        "transport", "no credit or data", "health or disability",
        "caring for somebody", "temporary housing", "fear or lack of trust",
        "safety", "something else"};

    return texts[barrier];
}

static json_t *barrier_json(
    const struct casework_file *file, const struct event *event)
{
    const struct event_barrier *b = &event->u.barrier;
    const char *adjustment = event_adjustment_name(b->adjustment);
    bool withheld = false;
    char words[40];
    char text[200];

    snprintf(words, sizeof words, "%s", adjustment);
    for (char *c = words; *c != '\0'; c++)
        *c = *c == '-' ? ' ' : *c;
    snprintf(text, sizeof text, "%s (%s%s%s%s)", barrier_text(b->barrier),
        b->source == BARRIER_STATED     ? "they said so"
        : b->source == BARRIER_OBSERVED ? "noticed"
                                        : "assumed, ask",
        adjustment[0] == '\0' ? "" : "; what we do: ", words,
        b->status == BARRIER_RESOLVED  ? "; resolved"
        : b->status == BARRIER_NOT_ONE ? "; no barrier after all"
                                       : "");
    return json_pack("{s:s,s:s,s:s,s:s,s:b,s:s,s:s}", "code",
        event_barrier_name(b->barrier), "source", SOURCES[b->source], "status",
        STATUSES[b->status], "adjustment", adjustment, "worked", b->worked,
        "note", desk_shown(file, b->note, &withheld), "text", text);
}

json_t *history_barriers(const struct casework_file *file)
{
    const struct event *newest[BARRIER_LAST + 1] = {NULL};
    json_t *list = json_array();

    for (size_t i = 0; i < file->event_count; i++)
        if (file->events[i].kind == EVENT_BARRIER)
            newest[file->events[i].u.barrier.barrier] = &file->events[i];
    for (size_t i = 1; i <= BARRIER_LAST; i++)
        if (newest[i] != NULL)
            json_array_append_new(list, barrier_json(file, newest[i]));
    return list;
}

/* "tutor Ms Lund" for each name they were not told; without one it must be
 * asked for. */
static void add_tutors(json_t *list, const struct casework_file *file)
{
    const struct state *state = &file->state;
    const char *before = "";

    for (size_t i = 0; i < state->pupil_count; i++) {
        const struct state_pupil *pupil = &state->pupils[i];
        const char *name =
            pupil->tutor == NULL ? "" : pupil->tutor->u.tutor.name;
        char text[BATCH_MAX_TUTOR + 8];

        if (pupil->told_tutor_at.ms != 0 || pupil->closed ||
            (i > 0 && strcmp(before, name) == 0))
            continue;
        snprintf(text, sizeof text, "tutor %s", name);
        json_array_append_new(list,
            args_string(name[0] == '\0' ? "tutor (not named yet)" : text));
        before = name;
    }
}

json_t *history_plan(const struct casework_file *file)
{
    const struct event_plan *plan = NULL;
    bool withheld = false;

    for (size_t i = 0; i < file->event_count; i++)
        if (file->events[i].kind == EVENT_PLAN)
            plan = &file->events[i].u.plan;
    if (plan == NULL)
        return json_null();
    return json_pack("{s:s,s:o,s:s,s:s,s:s}", "by",
        event_channel_name(plan->channel), "when", args_time(plan->when.ms),
        "place", desk_shown(file, plan->place, &withheld), "who",
        desk_shown(file, plan->who, &withheld), "note",
        desk_shown(file, plan->note, &withheld));
}

json_t *history_to_do(const struct casework_file *file)
{
    const struct state *state = &file->state;
    json_t *list = json_array();
    bool tutor = true;
    bool support = true;

    for (size_t i = 0; i < state->pupil_count; i++) {
        tutor &= state->pupils[i].told_tutor_at.ms != 0;
        support &= state->pupils[i].support_at.ms != 0;
    }
    if (state->contacted_at.ms == 0)
        json_array_append_new(list, args_string("welcome them"));
    if (state->contacted_at.ms == 0)
        json_array_append_new(list, args_string("what should we know?"));
    if (!tutor)
        add_tutors(list, file);
    if (!support)
        json_array_append_new(list, args_string("support check"));
    if (state->invited_at.ms == 0)
        json_array_append_new(list, args_string("invite to a session"));
    return list;
}
