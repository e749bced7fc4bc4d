#include "outreach/event.h"

#include <stdlib.h>
#include <string.h>

/* What people type and JSON shows; the place is the code. */
static const char *const CHANNELS[] = {"", "voice", "text", "email", "letter",
    "at-primary", "at-secondary", "home-visit", "video", "via-primary"};
static const char *const BARRIERS[] = {"", "time", "language", "childcare",
    "literacy", "school-system", "prior-negative-experience", "transport",
    "no-credit-or-data", "health-or-disability", "caring", "temporary-housing",
    "trust-or-fear", "safety", "other"};
static const char *const ADJUSTMENTS[] = {"", "interpreter", "bilingual-caller",
    "translated", "easy-read", "read-aloud", "text-first", "evening-call",
    "weekend-call", "call-at-work", "via-primary", "meet-at-primary",
    "neutral-place", "home-visit", "supporter-present", "named-person",
    "creche", "transport-help", "online", "repeat-session", "one-to-one"};
static const char *const REQUESTS[] = {
    "", "wrong-number", "help-reach", "question", "not-ours"};
static const char *const ENTRIES[] = {"", "started", "not-arrived",
    "started-elsewhere", "home-educated", "moved-away", "unknown"};

#define COUNT(table) (sizeof table / sizeof table[0])
_Static_assert(COUNT(CHANNELS) == CHANNEL_LAST + 1 &&
                   COUNT(BARRIERS) == BARRIER_LAST + 1 &&
                   COUNT(ADJUSTMENTS) == ADJUST_LAST + 1 &&
                   COUNT(ENTRIES) == ENTRY_LAST + 1 &&
                   COUNT(REQUESTS) == REQUEST_NOT_OURS + 1,
    "each code has its word");

static unsigned look_up(
    const char *const *words, size_t count, const char *text)
{
    for (size_t i = 1; i < count; i++)
        if (strcmp(words[i], text) == 0)
            return (unsigned)i;
    return 0;
}

const char *event_channel_name(enum event_channel channel)
{
    return CHANNELS[channel];
}

enum event_channel event_channel_parse(const char *text)
{
    return (enum event_channel)look_up(CHANNELS, COUNT(CHANNELS), text);
}

const char *event_barrier_name(enum barrier barrier)
{
    return BARRIERS[barrier];
}

enum barrier event_barrier_parse(const char *text)
{
    return (enum barrier)look_up(BARRIERS, COUNT(BARRIERS), text);
}

const char *event_adjustment_name(enum adjustment adjustment)
{
    return ADJUSTMENTS[adjustment];
}

enum adjustment event_adjustment_parse(const char *text)
{
    return (enum adjustment)look_up(ADJUSTMENTS, COUNT(ADJUSTMENTS), text);
}

const char *event_entry_name(enum entry_result result)
{
    return ENTRIES[result];
}

enum entry_result event_entry_parse(const char *text)
{
    return (enum entry_result)look_up(ENTRIES, COUNT(ENTRIES), text);
}

static int compare(const void *a, const void *b)
{
    const struct event *x = a;
    const struct event *y = b;

    if (x->at.ms != y->at.ms)
        return x->at.ms < y->at.ms ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->kind == EVENT_ATTEMPT &&
        x->u.attempt.outcome != y->u.attempt.outcome)
        return x->u.attempt.outcome < y->u.attempt.outcome ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

void event_sort(struct event *events, size_t count)
{
    if (count > 0)
        qsort(events, count, sizeof events[0], compare);
}

const char *event_request_name(enum request_kind kind)
{
    return REQUESTS[kind];
}
