#include "outreach/nonarrival.h"

/* What was done since the first day. */
struct done {
    bool rung, written, asked, visited;
};

static void note_attempt(struct done *done, const struct event_attempt *attempt)
{
    if (!outcome_row(attempt->outcome)->is_try)
        return;
    if (attempt->channel == CHANNEL_TEXT || attempt->channel == CHANNEL_EMAIL ||
        attempt->channel == CHANNEL_LETTER)
        done->written = true;
    else
        done->rung = true;
    done->visited |= attempt->channel == CHANNEL_HOME_VISIT;
}

static struct done done_since(
    const struct state_facts *facts, struct date first)
{
    struct done done = {false, false, false, false};

    for (size_t i = 0; i < facts->event_count; i++) {
        const struct event *e = &facts->events[i];

        if (date_compare(date_today(e->at), first) < 0)
            continue;
        if (e->kind == EVENT_ATTEMPT)
            note_attempt(&done, &e->u.attempt);
        else if (e->kind == EVENT_REQUEST)
            done.asked |= e->u.request.kind == REQUEST_HELP_REACH ||
                          e->u.request.kind == REQUEST_QUESTION;
        else if (e->kind == EVENT_PLAN)
            done.visited |= e->u.plan.channel == CHANNEL_HOME_VISIT;
    }
    return done;
}

static bool is_to_be_decided(const struct state *state)
{
    return state->work == STATE_HELD || state->concern || state->complaint ||
           (state->review != NULL &&
               state->review->u.review.review == REVIEW_ACTION);
}

static bool wants_no_calls(const struct state *state)
{
    return state->work == STATE_DECLINED || state->refusal;
}

const struct event *nonarrival_mark(
    const struct event *events, size_t count, int64_t record)
{
    for (size_t i = count; i > 0; i--)
        if (events[i - 1].kind == EVENT_ENTRY && events[i - 1].pupil == record)
            return &events[i - 1];
    return NULL;
}

enum nonarrival_step nonarrival_next(const struct state *state,
    const struct state_facts *facts, const struct nonarrival_child *child)
{
    const struct done done = done_since(facts, child->first);
    const bool known = !facts->pupils[child->place].expected;

    if (child->mark->u.entry.result == ENTRY_UNKNOWN ||
        child->days >= NONARRIVAL_MOST_DAYS)
        return NONARRIVAL_AUTHORITY;
    if (is_to_be_decided(state))
        return NONARRIVAL_DECIDE;
    /* said once more after they were spoken to: it did not bring the child */
    if (state->spoken_at.ms > child->mark->at.ms)
        return NONARRIVAL_AGREE;
    if (wants_no_calls(state)) {
        if (!done.written)
            return NONARRIVAL_WRITE;
    } else if (facts->reach->has_point && !done.rung)
        return NONARRIVAL_RING;
    if (known && !done.asked) /* else no primary has sent anything */
        return NONARRIVAL_ASK;
    return done.visited ? NONARRIVAL_AUTHORITY : NONARRIVAL_VISIT;
}

static const struct {
    const char *name, *brief, *text;
} STEPS[] = {
    {"mark", "say if they have started", "say whether the child has started"},
    {"decide", "await a decision: see the card",
        "nobody rings before it is decided; the card says why"},
    {"agree", "spoken to: agree a day",
        "they were spoken to: agree a day, and mark what comes of it"},
    {"ring", "ring the family", "ring the family"},
    {"write", "write: they want no calls",
        "write to the family, who want no calls"},
    {"ask-primary", "ask the primary school",
        "ask the primary school what it knows"},
    {"visit", "plan a visit at home", "plan a visit at home"},
    {"tell-authority", "tell the local authority",
        "tell the safeguarding lead and the local authority"},
};
_Static_assert(sizeof STEPS / sizeof STEPS[0] == NONARRIVAL_LAST + 1,
    "each step has its words");

const char *nonarrival_name(enum nonarrival_step step)
{
    return STEPS[step].name;
}

const char *nonarrival_text(enum nonarrival_step step)
{
    return STEPS[step].text;
}

const char *nonarrival_brief(enum nonarrival_step step)
{
    return STEPS[step].brief;
}
