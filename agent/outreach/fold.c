#include "outreach/fold.h"

#include <string.h>

#define MINUTE_MS ((int64_t)60 * 1000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define BUSY_IN_A_ROW 2

/* What is being gathered, and from what. */
struct fold {
    struct state *out;
    const struct state_facts *facts;
    unsigned busy;             /* engaged, in a row */
    const struct event *waits; /* whose outcome says how long to wait */
    wall refused_at, stopped_at, concern_at, complaint_at;
};

static bool is_voice(const struct event_attempt *attempt)
{
    return attempt->channel == CHANNEL_VOICE ||
           attempt->channel == CHANNEL_VIDEO;
}

/* Engaged is no failure of the try: somebody is there. */
static bool failed(const struct outcome_row *row)
{
    return row->is_try && !row->contact && row->reached != REACHED_YES &&
           row->outcome != OUTCOME_BUSY && row->outcome != OUTCOME_SENT;
}

/* --- one attempt --- */

static void count_contact(struct fold *fold, const struct event *event)
{
    const struct state_facts *facts = fold->facts;
    const struct event_attempt *attempt = &event->u.attempt;
    const struct reach_person *person = reach_was(facts->reach, facts->pupils,
        facts->pupil_count, attempt->record, attempt->contact);
    struct state *out = fold->out;

    for (size_t i = 0; person != NULL && i < out->pupil_count; i++)
        if ((person->counts >> i & 1) != 0) {
            if (out->pupils[i].contacted_at.ms == 0)
                out->pupils[i].contacted_at = event->at;
            if (out->contacted_at.ms == 0)
                out->contacted_at = event->at;
            out->spoken_at = event->at;
        }
}

static wall next_workday(const struct fold *fold, wall at)
{
    const struct bands_local local = bands_local(at);
    const int ahead = local.weekday >= 5 ? 8 - local.weekday : 1;

    return bands_next_open(&fold->facts->policy->hours,
        bands_moment(
            date_from_day_number(date_day_number(local.day) + ahead), 0));
}

/* The start of the next part of the day that is not the one of `at`, and not
 * at once. */
static wall other_band(const struct fold *fold, wall at)
{
    const struct policy *policy = fold->facts->policy;
    const wall soonest = {at.ms + policy->cooldown_hours * HOUR_MS};
    const enum band now = bands_of(at);
    wall best = {0};

    for (enum band band = BAND_MORNING; band <= BAND_SATURDAY; band++) {
        const wall next = bands_next(&policy->hours, soonest, band);

        if (band != now && (best.ms == 0 || next.ms < best.ms))
            best = next;
    }
    return best;
}

static wall wait_until(const struct fold *fold, const struct event *event)
{
    const struct event_attempt *attempt = &event->u.attempt;
    const struct outcome_row *row = outcome_row(attempt->outcome);
    const wall at = event->at;

    if (attempt->call_back.ms != 0)
        return (wall){0}; /* the call-back itself says when */
    if (attempt->outcome == OUTCOME_SENT && attempt->channel == CHANNEL_TEXT)
        return (wall){at.ms + DAY_MS};
    switch (row->delay) {
    case DELAY_NONE:
        return (wall){0};
    case DELAY_MINUTES:
        if (attempt->outcome == OUTCOME_BUSY && fold->busy > BUSY_IN_A_ROW)
            return other_band(fold, at);
        return (wall){at.ms + row->amount * MINUTE_MS};
    case DELAY_DAYS:
        return (wall){at.ms + row->amount * DAY_MS};
    case DELAY_AGREED: /* no time was agreed */
    case DELAY_WORKDAY:
        return next_workday(fold, at);
    case DELAY_OTHER_BAND:
        return other_band(fold, at);
    }
    return (wall){0};
}

/* A try since the newest number came: counts on the ladder. */
static void count_try(struct fold *fold, const struct event *event)
{
    const struct event_attempt *attempt = &event->u.attempt;
    const struct outcome_row *row = outcome_row(attempt->outcome);
    struct state *out = fold->out;
    const enum band band =
        attempt->band == 0 ? bands_of(event->at) : attempt->band;

    if (out->tries++ == 0)
        out->first_try = event->at;
    out->last_try = event->at;
    if (failed(row))
        out->failure = event;
    if (!is_voice(attempt) || attempt->inbound)
        return;
    out->voice++;
    out->bands |= BAND_BIT(band);
    /* a wrong number says nothing about the time of day */
    if (failed(row) && row->point == POINT_AS_IS)
        out->band_failures[band - 1]++;
}

static void on_flags(struct fold *fold, const struct event *event)
{
    const struct event_attempt *attempt = &event->u.attempt;

    if (attempt->concern || attempt->outcome == OUTCOME_CONCERN)
        fold->concern_at = event->at;
    if (attempt->outcome == OUTCOME_STOPPED_RESTRICTED)
        fold->stopped_at = event->at;
    if (attempt->outcome == OUTCOME_NO_MORE)
        fold->refused_at = event->at;
    else if (attempt->outcome == OUTCOME_SENT && fold->refused_at.ms != 0)
        fold->out->written_at = event->at; /* as they wished */
}

static void on_attempt(struct fold *fold, const struct event *event)
{
    const struct event_attempt *attempt = &event->u.attempt;
    const struct outcome_row *row = outcome_row(attempt->outcome);
    struct state *out = fold->out;

    on_flags(fold, event);
    if (out->holder[0] != '\0') { /* whoever had it is done with it */
        out->holder = "";
        out->held_until = (wall){0};
        out->lease = NULL;
    }
    if (attempt->outcome == OUTCOME_INBOUND_MISSED) {
        out->missed_at = event->at;
        return;
    }
    if (attempt->outcome == OUTCOME_CANNOT_CONNECT)
        fold->waits = event;
    if (!row->is_try)
        return;
    fold->busy = attempt->outcome == OUTCOME_BUSY ? fold->busy + 1 : 0;
    out->missed_at = (wall){0};
    out->last = event;
    out->all_tries++;
    out->call_back_at = attempt->call_back;
    out->call_back_with = event->login;
    fold->waits = event;
    if (row->contact)
        count_contact(fold, event);
    if (event->at.ms > out->since.ms || out->since.ms == 0)
        count_try(fold, event);
}

/* --- the other events --- */

static struct state_pupil *pupil_of(struct fold *fold, int64_t record)
{
    for (size_t i = 0; i < fold->out->pupil_count; i++)
        if (fold->facts->pupils[i].record == record)
            return &fold->out->pupils[i];
    return NULL;
}

static void on_closed(struct fold *fold, const struct event *event)
{
    struct state *out = fold->out;

    for (size_t i = 0; i < out->pupil_count; i++)
        if (event->pupil == 0 ||
            event->pupil == fold->facts->pupils[i].record) {
            out->pupils[i].closed = true;
            out->pupils[i].transferred = event->u.closed.transferred;
        }
}

static void on_review(struct fold *fold, const struct event *event)
{
    struct state *out = fold->out;

    out->review = event;
    if (event->u.review.review != REVIEW_RESUME)
        return;
    out->review = NULL;
    fold->concern_at = fold->complaint_at = (wall){0};
    fold->stopped_at = fold->refused_at = (wall){0};
}

/* A complaint that was answered needs nobody's action. */
static void on_item_done(struct fold *fold, const struct event *event)
{
    const struct state_facts *facts = fold->facts;

    for (size_t i = 0; i < facts->event_count; i++)
        if (facts->events[i].kind == EVENT_ITEM &&
            facts->events[i].u.item.item == event->u.item_done.item &&
            facts->events[i].u.item.kind == ITEM_OF_COMPLAINT)
            fold->complaint_at = (wall){0};
}

static void on_lease(struct fold *fold, const struct event *event)
{
    const bool given_back = event->u.lease.until.ms == 0;

    fold->out->holder = given_back ? "" : event->login;
    fold->out->held_until = event->u.lease.until;
    fold->out->lease = given_back ? NULL : &event->u.lease;
}

/* NULL in an event that was not stored is the same as "". */
static bool same_text(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

/* Another name must be told anew; the same one once more changes nothing. */
static void on_tutor(struct state_pupil *pupil, const struct event *event)
{
    const bool same =
        pupil->tutor != NULL &&
        same_text(pupil->tutor->u.tutor.name, event->u.tutor.name);

    if (!same)
        pupil->told_tutor_at = (wall){0};
    if (event->u.tutor.told_parent && pupil->told_tutor_at.ms == 0)
        pupil->told_tutor_at = event->at;
    if (!same)
        pupil->tutor = event;
}

static void on_pupil(struct fold *fold, const struct event *event)
{
    struct state_pupil *pupil = pupil_of(fold, event->pupil);

    if (pupil == NULL)
        return;
    if (event->kind == EVENT_TUTOR)
        on_tutor(pupil, event);
    else if (event->kind == EVENT_SUPPORT &&
             event->u.support.result != SUPPORT_NOT_ASKED)
        pupil->support_at = event->at;
    else if (event->kind == EVENT_ENTRY)
        pupil->entry = event->u.entry.result;
}

static void on_event(struct fold *fold, const struct event *event)
{
    struct state *out = fold->out;

    switch (event->kind) {
    case EVENT_LEASE:
        on_lease(fold, event);
        break;
    case EVENT_ATTEMPT:
        on_attempt(fold, event);
        break;
    case EVENT_LADDER:
        out->limit += event->u.ladder.more;
        break;
    case EVENT_PLAN:
        out->plan_at = event->at;
        break;
    case EVENT_REVIEW:
        on_review(fold, event);
        break;
    case EVENT_CLOSED:
        on_closed(fold, event);
        break;
    case EVENT_INVITE:
        if (out->invited_at.ms == 0)
            out->invited_at = event->at;
        break;
    case EVENT_ITEM:
        if (event->u.item.kind == ITEM_OF_COMPLAINT)
            fold->complaint_at = event->at;
        break;
    case EVENT_ITEM_DONE:
        on_item_done(fold, event);
        break;
    case EVENT_TUTOR:
    case EVENT_SUPPORT:
    case EVENT_ENTRY:
        on_pupil(fold, event);
        break;
    case EVENT_POINT: /* in the reach */
    case EVENT_PREFERENCE:
    case EVENT_DIED:
    case EVENT_BARRIER:
    case EVENT_REQUEST:
    case EVENT_ANSWER:
    case EVENT_SESSION:
    case EVENT_REPLY:
    case EVENT_ATTENDANCE:
    case EVENT_REFERRAL:
    case EVENT_DATES:
    case EVENT_STRATEGY:
        break;
    }
}

void fold_events(struct state *out, const struct state_facts *facts)
{
    struct fold fold = {.out = out, .facts = facts};

    for (size_t i = 0; i < facts->event_count; i++)
        on_event(&fold, &facts->events[i]);
    out->concern = fold.concern_at.ms != 0;
    out->complaint = fold.complaint_at.ms != 0;
    out->refusal = fold.refused_at.ms != 0;
    out->stopped = fold.stopped_at.ms != 0;
    if (fold.waits != NULL)
        out->next_at = wait_until(&fold, fold.waits);
    if (out->tries > 0)
        out->days = (int)(date_day_number(date_today(out->last_try)) -
                          date_day_number(date_today(out->first_try))) +
                    1;
}
