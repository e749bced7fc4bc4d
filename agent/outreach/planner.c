#include "outreach/planner.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "outreach/languages.h"

#define HOUR_MS ((int64_t)3600 * 1000)

/* One way of trying. */
struct candidate {
    const struct reach_person *person;
    const struct reach_point *point;
    enum event_channel channel;
    enum band band;
    wall when;
    int score; /* less is better */
};

struct planner {
    const struct state_facts *facts;
    const struct state *state;
    const struct planner_caller *caller;
    unsigned barriers; /* bit: enum barrier, open */
    unsigned adjusted; /* bit: enum adjustment that works, or was agreed */
    wall texted_at;    /* the last text */
    wall helped_at;    /* the primary was asked to help */
    wall wrote_at;
    unsigned failures; /* calls that reached nobody */
};

bool planner_needs_language(
    const struct reach_person *person, const struct planner_caller *caller)
{
    if (person->interpreter != INTERPRETER_SPOKEN &&
        person->interpreter != INTERPRETER_BSL)
        return false;
    return !languages_speaks(caller->languages, person->language);
}

/* --- what happened --- */

static void look(struct planner *p, const struct event *event)
{
    const struct event_attempt *attempt = &event->u.attempt;

    if (event->kind == EVENT_BARRIER) {
        const struct event_barrier *e = &event->u.barrier;
        const bool open = e->status <= BARRIER_ADJUSTED;

        p->barriers =
            (p->barriers & ~(1U << e->barrier)) | (open ? 1U << e->barrier : 0);
        p->adjusted |= e->adjustment == ADJUST_NONE ? 0 : 1U << e->adjustment;
    } else if (event->kind == EVENT_REQUEST) {
        p->helped_at = event->at;
    } else if (event->kind == EVENT_ATTEMPT &&
               attempt->outcome == OUTCOME_SENT) {
        if (attempt->channel == CHANNEL_TEXT)
            p->texted_at = event->at;
        else
            p->wrote_at = event->at;
    }
}

/* Tries of this number that reached nobody, in that band (0: in any). */
static unsigned failures(
    const struct planner *p, const char *value, enum band band)
{
    unsigned count = 0;

    for (size_t i = 0; i < p->facts->event_count; i++) {
        const struct event *e = &p->facts->events[i];

        if (e->kind != EVENT_ATTEMPT || e->at.ms <= p->state->since.ms ||
            e->u.attempt.channel != CHANNEL_VOICE ||
            strcmp(e->u.attempt.value, value) != 0 ||
            !outcome_row(e->u.attempt.outcome)->is_try ||
            outcome_row(e->u.attempt.outcome)->contact ||
            e->u.attempt.outcome == OUTCOME_BUSY) /* somebody is there */
            continue;
        count += band == 0 || e->u.attempt.band == band;
    }
    return count;
}

/* --- scoring --- */

static bool repeats_failure(const struct planner *p, const struct candidate *c)
{
    const struct event *failure = p->state->failure;
    const struct event_attempt *last;

    if (failure == NULL)
        return false;
    last = &failure->u.attempt;
    return last->channel == c->channel && last->band == c->band &&
           strcmp(last->value, c->point->value) == 0;
}

static int point_rank(const struct planner *p, const struct candidate *c)
{
    static const int ranks[] = {[POINT_MOBILE] = 0,
        [POINT_HOME] = 1,
        [POINT_ALTERNATE] = 2,
        [POINT_WORK] = 3};
    const bool at_work = (p->adjusted >> ADJUST_CALL_AT_WORK & 1) != 0;

    if (c->point->status == POINT_VERIFIED)
        return -1;
    if (c->point->kind == POINT_WORK && at_work)
        return -1;
    return ranks[c->point->kind];
}

/* Two failures spend a band until all others were tried; good and bad times
 * that were stated weigh more than anything guessed. */
static int band_score(const struct planner *p, const struct candidate *c)
{
    const struct event_preference *wishes = c->person->wishes;
    const unsigned bit = BAND_BIT(c->band);
    const bool late = c->band == BAND_EVENING || c->band == BAND_SATURDAY;
    const unsigned failed = p->state->band_failures[c->band - 1];
    int score = (int)failed * 200;

    if (failed >= 2 && p->state->bands != (1U << BAND_COUNT) - 1)
        score += 5000;
    if (wishes != NULL && (wishes->good_bands & bit) != 0)
        score -= 3000;
    if (wishes != NULL && (wishes->bad_bands & bit) != 0)
        score += 6000;
    if ((p->barriers >> BARRIER_TIME & 1) != 0 && late)
        score -= 400;
    if ((p->adjusted >> ADJUST_EVENING_CALL & 1) != 0 &&
        c->band == BAND_EVENING)
        score -= 800;
    if ((p->adjusted >> ADJUST_WEEKEND_CALL & 1) != 0 &&
        c->band == BAND_SATURDAY)
        score -= 800;
    if (c->point->kind == POINT_WORK && late)
        score += 2000;
    return score;
}

static int score_of(const struct planner *p, const struct candidate *c)
{
    const size_t place = (size_t)(c->person - p->facts->reach->people);
    const int64_t wait = (c->when.ms - p->facts->now.ms) / HOUR_MS;

    return (int)place * 150 + (c->person->counts == 0 ? 4000 : 0) +
           point_rank(p, c) * 100 + (int)failures(p, c->point->value, 0) * 70 +
           (int)failures(p, c->point->value, c->band) * 200 + band_score(p, c) +
           (int)(wait > 200 ? 200 : wait) * 4;
}

static void consider(struct candidate *best, const struct planner *p,
    const struct candidate *tried)
{
    struct candidate c = *tried;

    if (repeats_failure(p, &c))
        return;
    c.score = score_of(p, &c);
    if (best->person == NULL || c.score < best->score)
        *best = c;
}

static void consider_bands(struct candidate *best, const struct planner *p,
    const struct reach_person *person, const struct reach_point *point)
{
    const wall soonest = p->state->next_at.ms > p->facts->now.ms
                             ? p->state->next_at
                             : p->facts->now;
    struct candidate c = {
        .person = person,
        .point = point,
        .channel = person->interpreter == INTERPRETER_BSL ? CHANNEL_VIDEO
                                                          : CHANNEL_VOICE,
    };

    for (enum band band = BAND_MORNING; band <= BAND_SATURDAY; band++) {
        c.band = band;
        c.when = bands_next(&p->facts->policy->hours, soonest, band);
        consider(best, p, &c);
    }
}

static bool choose_call(struct candidate *best, const struct planner *p)
{
    const struct reach *reach = p->facts->reach;

    best->person = NULL;
    for (size_t i = 0; i < reach->count; i++)
        for (size_t j = 0; j < reach->people[i].point_count; j++)
            if (reach_rings(&reach->people[i].points[j]))
                consider_bands(
                    best, p, &reach->people[i], &reach->people[i].points[j]);
    return best->person != NULL;
}

/* A number to text, or an address to write to. */
static bool choose_written(
    struct candidate *best, const struct planner *p, enum event_channel channel)
{
    const enum point_kind kind =
        channel == CHANNEL_TEXT ? POINT_MOBILE : POINT_EMAIL;
    const struct reach *reach = p->facts->reach;

    for (size_t i = 0; i < reach->count; i++) {
        const struct reach_person *person = &reach->people[i];

        if (person->counts == 0 || (channel == CHANNEL_TEXT && person->no_text))
            continue;
        for (size_t j = 0; j < person->point_count; j++) {
            if (person->points[j].kind != kind ||
                !reach_usable(&person->points[j]))
                continue;
            *best = (struct candidate){person, &person->points[j], channel,
                bands_of(p->facts->now), p->facts->now, 0};
            if (!repeats_failure(p, best))
                return true;
        }
    }
    return false;
}

/* --- saying why --- */

static void say(struct planner_suggestion *out, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

static void say(struct planner_suggestion *out, const char *fmt, ...)
{
    const size_t used = strlen(out->why);
    va_list args;

    if (used + 4 > sizeof out->why)
        return;
    va_start(args, fmt);
    memcpy(out->why + used, used == 0 ? "" : "; ", used == 0 ? 1 : 3);
    vsnprintf(out->why + strlen(out->why), sizeof out->why - strlen(out->why),
        fmt, args);
    va_end(args);
}

static void say_bands(struct planner_suggestion *out, const char *before,
    unsigned bands, const char *between)
{
    char list[120] = "";

    for (unsigned band = 1; band <= BAND_COUNT; band++)
        if ((bands >> (band - 1) & 1) != 0)
            snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s",
                list[0] == '\0' ? "" : between, bands_text((enum band)band));
    if (list[0] != '\0')
        say(out, "%s%s", before, list);
}

static const char *point_word(enum point_kind kind)
{
    return kind == POINT_MOBILE  ? "the mobile"
           : kind == POINT_HOME  ? "the home number"
           : kind == POINT_WORK  ? "the work number"
           : kind == POINT_EMAIL ? "e-mail"
                                 : "the other number";
}

static void say_tries(struct planner_suggestion *out, const struct planner *p)
{
    const struct state *s = p->state;

    if (s->tries == 0) {
        say(out, "%s",
            s->all_tries == 0 ? "nobody has tried yet"
                              : "a new number: nobody has tried it yet");
        return;
    }
    if (s->voice > 0) {
        char before[60];

        snprintf(before, sizeof before, "rung %s ",
            s->voice == 1   ? "once"
            : s->voice == 2 ? "twice"
                            : "several times");
        if (s->voice > 2)
            snprintf(before, sizeof before, "rung %u times ", s->voice);
        say_bands(out, before, s->bands, " and ");
    } else
        say(out, "written to, not rung yet");
}

static void say_person(struct planner_suggestion *out, const struct planner *p,
    const struct candidate *c)
{
    const struct event_preference *wishes = c->person->wishes;

    if (wishes != NULL && (wishes->good_bands & BAND_BIT(c->band)) != 0)
        say(out, "they asked for %s", bands_text(c->band) + 3);
    else if ((p->barriers >> BARRIER_TIME & 1) != 0 && c->band >= BAND_EVENING)
        say(out, "they work in the day");
    else if (p->state->voice > 0 && (p->state->bands & BAND_BIT(c->band)) == 0)
        say(out, "not tried yet %s", bands_text(c->band));
    if (p->state->failure != NULL && c->channel == CHANNEL_VOICE &&
        strcmp(p->state->failure->u.attempt.value, c->point->value) != 0)
        say(out, "another number: %s", point_word(c->point->kind));
    if (out->interpreter)
        say(out, "%s",
            c->person->interpreter == INTERPRETER_BSL
                ? "needs a BSL interpreter, by video or in person"
                : "needs an interpreter, or somebody who speaks the language");
}

/* --- the ladder --- */

static void fill(struct planner_suggestion *out, const struct planner *p,
    const struct candidate *c)
{
    out->contact = c->person->n;
    out->point = c->point->number;
    out->channel = c->channel;
    out->band = c->band;
    out->when = c->when;
    out->interpreter = planner_needs_language(c->person, p->caller);
    say_person(out, p, c);
}

/* What was agreed with them comes before anything we think of. */
static bool keep_appointment(
    struct planner_suggestion *out, const struct planner *p)
{
    const struct state *s = p->state;
    const struct event_attempt *last;
    const struct reach_person *person;

    if (s->call_back_at.ms == 0 || s->last == NULL)
        return false;
    last = &s->last->u.attempt;
    person = reach_who(p->facts->reach, p->facts->pupils, p->facts->pupil_count,
        last->record, last->contact);
    if (person == NULL)
        return false;
    out->contact = person->n;
    for (size_t i = 0; i < person->point_count; i++)
        if (strcmp(person->points[i].value, last->value) == 0 &&
            reach_usable(&person->points[i]))
            out->point = person->points[i].number;
    out->channel = CHANNEL_VOICE;
    out->band = bands_of(s->call_back_at);
    out->when = s->call_back_at;
    out->interpreter = planner_needs_language(person, p->caller);
    say(out, "they asked to be called back then, by %s if possible",
        s->call_back_with[0] == '\0' ? "the same caller" : s->call_back_with);
    return true;
}

/* The strategy of a group they are in. */
static bool is_first(const struct planner *p, enum adjustment step)
{
    return (p->facts->strategy.first >> step & 1) != 0;
}

static void climb(struct planner_suggestion *out, const struct planner *p)
{
    const struct policy *policy = p->facts->policy;
    const struct event *failure = p->state->failure;
    const bool wrong =
        failure != NULL &&
        outcome_row(failure->u.attempt.outcome)->point != POINT_AS_IS;

    if ((wrong || p->failures >= policy->primary_after ||
            is_first(p, ADJUST_VIA_PRIMARY)) &&
        p->helped_at.ms <= p->state->since.ms) {
        out->ask_primary = true;
        say(out, "%s",
            wrong ? "ask the primary school for the right one"
            : p->failures >= policy->primary_after
                ? "ask the primary school when is a good time"
                : "ask the primary school to introduce you first");
    }
    if (p->failures >= policy->letter_after && p->wrote_at.ms == 0) {
        out->write = true;
        say(out, "send an invitation in writing too");
    }
    if (failure != NULL && p->failures >= policy->letter_after) {
        out->other_caller = strcmp(failure->login, p->caller->login) == 0;
        if (out->other_caller)
            say(out, "let another caller try");
    }
    out->lead = p->state->code == STATE_ESCALATED;
    if (out->lead)
        say(out, "the lead decides: a visit, a meeting at the primary "
                 "school, or somebody they trust");
}

static bool text_is_next(const struct planner *p)
{
    const struct event *failure = p->state->failure;
    const bool asked =
        failure != NULL && failure->u.attempt.outcome == OUTCOME_HUNG_UP;

    if (is_first(p, ADJUST_TEXT_FIRST) && p->state->tries == 0)
        return true;
    return (p->failures >= p->facts->policy->text_after || asked) &&
           failure != NULL && p->texted_at.ms <= p->state->since.ms;
}

static void choose(struct planner_suggestion *out, const struct planner *p)
{
    struct candidate c = {.person = NULL};

    if (text_is_next(p) && choose_written(&c, p, CHANNEL_TEXT)) {
        say(out, "send a text first that says when you will ring");
        fill(out, p, &c);
    } else if (choose_call(&c, p)) {
        fill(out, p, &c);
    } else if (choose_written(&c, p, CHANNEL_EMAIL)) {
        say(out, "no number can be rung");
        fill(out, p, &c);
    } else {
        out->channel = CHANNEL_VIA_PRIMARY;
        out->band = bands_of(p->facts->now);
        out->ask_primary = true;
        say(out, "no number can be rung: ask the primary school for one");
    }
}

void planner_suggest(struct planner_suggestion *out,
    const struct state_facts *facts, const struct state *state,
    const struct planner_caller *caller)
{
    struct planner p = {.facts = facts, .state = state, .caller = caller};

    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < facts->event_count; i++)
        look(&p, &facts->events[i]);
    for (size_t i = 0; i < BAND_COUNT; i++)
        p.failures += state->band_failures[i];
    if (state->missed_at.ms != 0)
        say(out, "they rang and nobody answered");
    p.adjusted |= facts->strategy.first;
    if (keep_appointment(out, &p))
        return;
    say_tries(out, &p);
    if (facts->strategy.first != 0)
        say(out, "as for all in \"%.40s\"", facts->strategy.why);
    choose(out, &p);
    climb(out, &p);
}
