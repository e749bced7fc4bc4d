#include "outreach/coarse.h"

#include "outreach/state.h"

const char *coarse_name(enum coarse coarse)
{
    static const char *const names[] = {"none", "contact-started", "contacted",
        "help-request", "started", "not-arrived", "closed"};

    return names[coarse - 1];
}

static enum coarse after_entry(enum entry_result entry)
{
    switch (entry) {
    case ENTRY_STARTED:
        return COARSE_STARTED;
    case ENTRY_NOT_ARRIVED:
    case ENTRY_UNKNOWN:
        return COARSE_NOT_ARRIVED;
    case ENTRY_ELSEWHERE:
    case ENTRY_HOME_EDUCATED:
    case ENTRY_MOVED_AWAY:
        return COARSE_CLOSED;
    }
    return COARSE_NOT_ARRIVED;
}

static bool is_answered(const struct state_facts *facts, uint64_t request)
{
    for (size_t i = 0; i < facts->event_count; i++)
        if (facts->events[i].kind == EVENT_ANSWER &&
            facts->events[i].u.answer.request == request)
            return true;
    return false;
}

/* A call for help that nobody has answered yet; the answer to a question is
 * none. */
static bool help_is_wanted(const struct state_facts *facts)
{
    for (size_t i = 0; i < facts->event_count; i++) {
        const struct event *e = &facts->events[i];

        if (e->kind == EVENT_REQUEST &&
            e->u.request.kind == REQUEST_HELP_REACH &&
            !is_answered(facts, e->u.request.request))
            return true;
    }
    return false;
}

enum coarse coarse_of(struct date *day, const struct state *state,
    const struct state_facts *facts, size_t pupil)
{
    const struct state_pupil *p = &state->pupils[pupil];

    *day = (struct date){0, 0, 0};
    if (p->closed)
        return COARSE_CLOSED;
    if (p->entry != 0)
        return after_entry(p->entry);
    if (p->contacted_at.ms != 0) {
        *day = date_today(p->contacted_at);
        return COARSE_CONTACTED;
    }
    if (state->code == STATE_NO_CONTACT_POINT ||
        state->code == STATE_ESCALATED || help_is_wanted(facts))
        return COARSE_HELP_REQUEST;
    return state->all_tries > 0 ? COARSE_CONTACT_STARTED : COARSE_NONE;
}
