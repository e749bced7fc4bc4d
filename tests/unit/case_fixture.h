/* case_fixture - a family of one or two pupils with two parents, and events to
 * fold: for the tests of outreach. */
#ifndef TEST_CASE_FIXTURE_H
#define TEST_CASE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "outreach/planner.h"
#include "outreach/state.h"

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
/* Wednesday 16 June 2027, 10:00 in England */
#define WEDNESDAY INT64_C(1813136400000)

#define MOST_EVENTS 64

struct home {
    struct leaver_point points[2][3];
    struct leaver_contact contacts[2][2];
    struct restriction restriction;
    struct leaver leavers[2];
    struct visible visible[2];
    struct reach_pupil pupils[2];
    size_t pupil_count;
    struct event events[MOST_EVENTS];
    size_t event_count;
    struct reach reach;
    struct policy policy;
    struct strategy strategy;
    struct state_facts facts;
    struct state state;
    wall now;
};

static inline void home_contact(struct leaver_contact *c, uint32_t number,
    const char *forename, const char *relationship)
{
    leaver_contact_init(c);
    c->number = c->order = number;
    c->title = "Mrs";
    c->forename = forename;
    c->surname = "Okoro";
    c->relationship = relationship;
    c->responsibility = STATED_YES;
}

/* Pupil i: mother (mobile, home), father (mobile).  Siblings share them. */
static inline void home_init(struct home *h)
{
    memset(h, 0, sizeof *h);
    h->policy = policy_usual();
    h->now.ms = WEDNESDAY;
    h->pupil_count = 1;
    for (size_t i = 0; i < 2; i++) {
        struct leaver *l = &h->leavers[i];

        h->points[i][0] = (struct leaver_point){
            1, POINT_MOBILE, "07700 900118", "+447700900118"};
        h->points[i][1] = (struct leaver_point){
            2, POINT_HOME, "01632 960118", "+441632960118"};
        h->points[i][2] = (struct leaver_point){
            1, POINT_MOBILE, "07700 900119", "+447700900119"};
        leaver_init(l);
        l->upn = i == 0 ? "C820432198003" : "B820432198002";
        l->surname = "Okoro";
        l->forename = i == 0 ? "Tariq" : "Amara";
        home_contact(&h->contacts[i][0], 1, "Ada", "PAM");
        home_contact(&h->contacts[i][1], 2, "Ben", "PAF");
        h->contacts[i][0].points = h->points[i];
        h->contacts[i][0].point_count = 2;
        h->contacts[i][1].points = &h->points[i][2];
        h->contacts[i][1].point_count = 1;
        l->contacts = h->contacts[i];
        l->contact_count = 2;
        h->pupils[i] = (struct reach_pupil){.record = (int64_t)i + 57,
            .leaver = l,
            .visible = &h->visible[i],
            .applied_at = {WEDNESDAY - 30 * DAY}};
    }
}

static inline void home_restrict(struct home *h, uint32_t contact)
{
    h->restriction = (struct restriction){.id = {{1}},
        .kind = RESTRICTION_DO_NOT_CONTACT,
        .basis = BASIS_COURT_ORDER,
        .contact = contact,
        .note = "",
        .evidence = ""};
    for (size_t i = 0; i < 2; i++) {
        h->leavers[i].restrictions = &h->restriction;
        h->leavers[i].restriction_count = 1;
    }
}

static inline struct event *home_add(
    struct home *h, enum event_kind kind, int64_t ms)
{
    struct event *e = &h->events[h->event_count++];

    assert_true(h->event_count <= MOST_EVENTS);
    memset(e, 0, sizeof *e);
    e->id = (int64_t)h->event_count;
    e->family = 118;
    e->kind = kind;
    e->at.ms = ms;
    e->login = "jl";
    return e;
}

/* A call to the mother's mobile unless it is changed afterwards. */
static inline struct event_attempt *home_try(
    struct home *h, enum outcome outcome, int64_t ms)
{
    struct event *e = home_add(h, EVENT_ATTEMPT, ms);

    e->u.attempt = (struct event_attempt){.record = 57,
        .contact = 1,
        .point = 1,
        .value = "+447700900118",
        .channel = CHANNEL_VOICE,
        .outcome = outcome,
        .band = bands_of((wall){ms}),
        .language = "",
        .said = "",
        .note = ""};
    return &e->u.attempt;
}

static inline enum state_code home_fold(struct home *h)
{
    for (size_t i = 0; i < h->pupil_count; i++)
        visible_contacts(&h->visible[i], &h->leavers[i]);
    event_sort(h->events, h->event_count);
    reach_gather(
        &h->reach, h->pupils, h->pupil_count, h->events, h->event_count);
    h->facts = (struct state_facts){.family = 118,
        .pupils = h->pupils,
        .pupil_count = h->pupil_count,
        .events = h->events,
        .event_count = h->event_count,
        .reach = &h->reach,
        .strategy = h->strategy,
        .policy = &h->policy,
        .in_quarantine = h->facts.in_quarantine,
        .now = h->now};
    state_fold(&h->state, &h->facts);
    return h->state.code;
}

static inline struct planner_suggestion home_plan(struct home *h)
{
    static const struct planner_caller caller = {"jl", "en"};
    struct planner_suggestion out;

    home_fold(h);
    planner_suggest(&out, &h->facts, &h->state, &caller);
    return out;
}

#endif
