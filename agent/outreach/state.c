#include "outreach/state.h"

#include <string.h>

#include "outreach/fold.h"

/* --- the table of domain 2.4 (b) --- */

#define EVERY(out, test)                                                       \
    __extension__({                                                            \
        bool all_ = (out)->pupil_count > 0;                                    \
        for (size_t i_ = 0; i_ < (out)->pupil_count; i_++) {                   \
            const struct state_pupil *pupil = &(out)->pupils[i_];              \
            all_ = all_ && (test);                                             \
        }                                                                      \
        all_;                                                                  \
    })
#define SOME(out, test) (!EVERY(out, !(test)) && (out)->pupil_count > 0)

typedef bool line(const struct state *out, const struct state_facts *facts);

static bool is_closed(const struct state *out, const struct state_facts *facts)
{
    (void)facts;
    return EVERY(out, pupil->closed) && !EVERY(out, pupil->transferred);
}

static bool is_transferred(
    const struct state *out, const struct state_facts *facts)
{
    (void)facts;
    return EVERY(out, pupil->closed && pupil->transferred);
}

static bool is_not_arrived(
    const struct state *out, const struct state_facts *facts)
{
    (void)facts;
    return SOME(out,
        !pupil->closed && pupil->entry != 0 && pupil->entry != ENTRY_STARTED);
}

static bool is_started(const struct state *out, const struct state_facts *facts)
{
    (void)facts;
    return EVERY(out, pupil->closed || pupil->entry == ENTRY_STARTED);
}

static bool review_is(const struct state *out, enum review review)
{
    return out->review != NULL && out->review->u.review.review == review;
}

static bool is_held(const struct state *out, const struct state_facts *facts)
{
    return review_is(out, REVIEW_HOLD) || out->stopped ||
           facts->in_quarantine ||
           (facts->reach->count == 0 && facts->reach->withheld > 0);
}

static bool is_action_needed(
    const struct state *out, const struct state_facts *facts)
{
    (void)facts;
    return review_is(out, REVIEW_ACTION) || out->concern || out->complaint ||
           (out->refusal && out->review == NULL && out->written_at.ms == 0);
}

static bool is_declined(
    const struct state *out, const struct state_facts *facts)
{
    (void)facts;
    return review_is(out, REVIEW_DECLINED) || out->refusal;
}

static bool is_complete(
    const struct state *out, const struct state_facts *facts)
{
    (void)facts;
    return out->contacted_at.ms != 0 && out->invited_at.ms != 0 &&
           EVERY(out, pupil->closed || (pupil->support_at.ms != 0 &&
                                           pupil->told_tutor_at.ms != 0));
}

static bool is_contacted(
    const struct state *out, const struct state_facts *facts)
{
    (void)facts;
    return out->contacted_at.ms != 0;
}

static bool is_awaiting_record(
    const struct state *out, const struct state_facts *facts)
{
    (void)out;
    for (size_t i = 0; i < facts->pupil_count; i++)
        if (!facts->pupils[i].expected)
            return false;
    return !facts->reach->has_point;
}

static bool has_no_point(
    const struct state *out, const struct state_facts *facts)
{
    (void)out;
    return !facts->reach->has_point;
}

static bool is_leased(const struct state *out, const struct state_facts *facts)
{
    return out->holder[0] != '\0' && out->held_until.ms > facts->now.ms;
}

static bool waits_for_call_back(
    const struct state *out, const struct state_facts *facts)
{
    const int64_t early =
        (int64_t)facts->policy->appointment_minutes * 60 * 1000;

    return out->call_back_at.ms > facts->now.ms + early;
}

static bool is_exhausted(
    const struct state *out, const struct state_facts *facts)
{
    const struct policy *policy = facts->policy;
    unsigned bands = 0;

    for (size_t i = 0; i < BAND_COUNT; i++)
        bands += out->bands >> i & 1;
    return out->voice >= out->limit && bands >= policy->min_bands &&
           out->days >= (int)policy->min_days && out->missed_at.ms == 0 &&
           out->call_back_at.ms == 0;
}

static bool is_cooling(const struct state *out, const struct state_facts *facts)
{
    return out->tries > 0 && out->next_at.ms > facts->now.ms &&
           out->missed_at.ms == 0;
}

static bool is_retry(const struct state *out, const struct state_facts *facts)
{
    (void)facts;
    return out->tries > 0;
}

static bool always(const struct state *out, const struct state_facts *facts)
{
    (void)out;
    (void)facts;
    return true;
}

static const struct {
    enum state_code code;
    line *holds;
    bool on_list;
    const char *name;
    const char *text;
} LINES[] = {
    {STATE_CLOSED, is_closed, false, "closed", "closed"},
    {STATE_TRANSFERRED, is_transferred, false, "transferred",
        "goes to another school"},
    {STATE_NOT_ARRIVED, is_not_arrived, false, "not-arrived",
        "has not arrived"},
    {STATE_STARTED, is_started, false, "started", "has started"},
    {STATE_HELD, is_held, false, "held", "with the safeguarding lead"},
    {STATE_ACTION_NEEDED, is_action_needed, false, "action-needed",
        "somebody must act first"},
    {STATE_DECLINED, is_declined, false, "declined", "prefers writing"},
    {STATE_COMPLETE, is_complete, false, "complete", "complete"},
    {STATE_CONTACTED, is_contacted, true, "contacted",
        "spoken to, not all done"},
    {STATE_AWAITING_RECORD, is_awaiting_record, false, "awaiting-record",
        "awaiting the record"},
    {STATE_NO_CONTACT_POINT, has_no_point, false, "no-contact-point",
        "no usable number"},
    {STATE_ALLOCATED, is_leased, false, "allocated", "with a caller"},
    {STATE_CALL_BACK, waits_for_call_back, false, "call-back",
        "call back later"},
    {STATE_ESCALATED, is_exhausted, false, "escalated",
        "for the lead to decide"},
    {STATE_COOLING, is_cooling, false, "cooling", "called too recently"},
    {STATE_RETRY_DUE, is_retry, true, "retry-due", "try again"},
    {STATE_READY, always, true, "ready", "not tried yet"},
};
#define LINE_COUNT (sizeof LINES / sizeof LINES[0])
_Static_assert(LINE_COUNT == STATE_LAST, "each code has a line");

/* The first line that holds, from that of `from` on. */
static enum state_code first_line(const struct state *out,
    const struct state_facts *facts, enum state_code from)
{
    size_t i = (size_t)from - 1;

    while (!LINES[i].holds(out, facts)) /* the last always does */
        i++;
    return LINES[i].code;
}

static void decide(struct state *out, const struct state_facts *facts)
{
    out->code = first_line(out, facts, STATE_CLOSED);
    out->work = out->code >= STATE_HELD ? out->code
                                        : first_line(out, facts, STATE_HELD);
    out->callable =
        LINES[out->code - 1].on_list && !is_leased(out, facts) &&
        !waits_for_call_back(out, facts) &&
        (out->next_at.ms <= facts->now.ms || out->missed_at.ms != 0);
}

void state_fold(struct state *out, const struct state_facts *facts)
{
    memset(out, 0, sizeof *out);
    out->holder = out->call_back_with = "";
    out->limit = facts->policy->limit_voice;
    out->since = facts->reach->newest;
    out->pupil_count = facts->pupil_count < STATE_MAX_PUPILS
                           ? facts->pupil_count
                           : STATE_MAX_PUPILS;
    fold_events(out, facts);
    decide(out, facts);
}

void state_at(struct state *out, const struct state_facts *facts)
{
    decide(out, facts);
}

const char *state_name(enum state_code code)
{
    return LINES[code - 1].name;
}

const char *state_text(enum state_code code)
{
    return LINES[code - 1].text;
}

enum state_code state_parse(const char *name)
{
    for (size_t i = 0; i < LINE_COUNT; i++)
        if (strcmp(LINES[i].name, name) == 0)
            return LINES[i].code;
    return 0;
}
