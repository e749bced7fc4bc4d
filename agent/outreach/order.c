#include "outreach/order.h"

#include <stdlib.h>
#include <string.h>

#define MINUTE_MS ((int64_t)60 * 1000)

static bool due_now(
    const struct state *s, const struct policy *policy, wall now)
{
    const int64_t off = s->call_back_at.ms - now.ms;
    const int64_t limit = policy->appointment_minutes * MINUTE_MS;

    return s->call_back_at.ms != 0 && off <= limit && off >= -limit;
}

static enum order_group group_of(
    const struct order_entry *e, const struct policy *policy, wall now)
{
    const struct state *s = e->state;
    const bool untried = s->code == STATE_READY;

    if (!s->callable)
        return ORDER_NOT_NOW;
    if (due_now(s, policy, now))
        return ORDER_APPOINTMENT;
    if (s->call_back_at.ms != 0 || s->missed_at.ms != 0)
        return ORDER_OVERDUE;
    if (untried && e->tier == TIER_ENHANCED)
        return ORDER_ENHANCED;
    if (e->session_soon && s->invited_at.ms == 0)
        return ORDER_SESSION_SOON;
    if (untried)
        return e->tier == TIER_TARGETED ? ORDER_TARGETED : ORDER_UNIVERSAL;
    return s->code == STATE_RETRY_DUE ? ORDER_RETRY : ORDER_UNFINISHED;
}

static int by_time(wall a, wall b)
{
    return (a.ms > b.ms) - (a.ms < b.ms);
}

static int within_group(
    const struct order_entry *x, const struct order_entry *y)
{
    int order = 0;

    if (x->group == ORDER_APPOINTMENT || x->group == ORDER_OVERDUE)
        return by_time(x->state->missed_at.ms != 0 ? x->state->missed_at
                                                   : x->state->call_back_at,
            y->state->missed_at.ms != 0 ? y->state->missed_at
                                        : y->state->call_back_at);
    if (x->group >= ORDER_UNFINISHED)
        return 0;
    if (x->language_match != y->language_match)
        return x->language_match ? -1 : 1;
    order = date_compare(x->deadline, y->deadline);
    if (order == 0 && x->group == ORDER_RETRY) {
        order = by_time(x->state->next_at, y->state->next_at);
        if (order == 0)
            order = (x->state->tries > y->state->tries) -
                    (x->state->tries < y->state->tries);
    }
    if (order == 0)
        order = by_time(x->oldest_record, y->oldest_record);
    return order;
}

static int compare(const void *a, const void *b)
{
    const struct order_entry *x = a;
    const struct order_entry *y = b;
    int order;

    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    order = within_group(x, y);
    return order != 0 ? order
                      : (x->family > y->family) - (x->family < y->family);
}

void order_sort(struct order_entry *entries, size_t count,
    const struct policy *policy, wall now)
{
    for (size_t i = 0; i < count; i++)
        entries[i].group = group_of(&entries[i], policy, now);
    if (count > 0)
        qsort(entries, count, sizeof entries[0], compare);
}

const char *order_text(enum order_group group)
{
    static const char *const texts[] = {"asked to be called about now",
        "waits for us to call back", "never tried, needs most preparation",
        "not invited yet, and a session is near",
        "never tried, needs some preparation", "never tried", "try again",
        "spoken to, not all done", "not now"};

    return texts[group - 1];
}

static bool is_leased(const struct state *s, wall now)
{
    return s->holder[0] != '\0' && s->held_until.ms > now.ms;
}

static unsigned *counter(
    struct order_blocked *out, const struct state *s, wall now)
{
    static const struct {
        enum state_code code;
        size_t offset;
    } map[] = {
        {STATE_HELD, offsetof(struct order_blocked, held)},
        {STATE_ACTION_NEEDED, offsetof(struct order_blocked, action_needed)},
        {STATE_DECLINED, offsetof(struct order_blocked, declined)},
        {STATE_AWAITING_RECORD,
            offsetof(struct order_blocked, awaiting_record)},
        {STATE_NO_CONTACT_POINT,
            offsetof(struct order_blocked, no_usable_point)},
        {STATE_ESCALATED, offsetof(struct order_blocked, escalated)},
    };

    for (size_t i = 0; i < sizeof map / sizeof map[0]; i++)
        if (map[i].code == s->code)
            return (unsigned *)(void *)((char *)out + map[i].offset);
    if (s->code < STATE_CONTACTED)
        return NULL; /* closed or complete: not waiting for a call */
    if (is_leased(s, now))
        return &out->leased;
    return s->call_back_at.ms > now.ms ? &out->call_back_later
                                       : &out->called_too_recently;
}

void order_count(struct order_blocked *out, const struct order_entry *entries,
    size_t count, const struct policy *policy, wall now)
{
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < count; i++) {
        unsigned *n = entries[i].state->callable
                          ? NULL
                          : counter(out, entries[i].state, now);

        if (n != NULL)
            ++*n;
    }
    if (!bands_open(&policy->hours, now))
        out->opens_at = bands_next_open(&policy->hours, now);
}
