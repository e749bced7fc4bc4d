#include "outreach/sessions.h"

#include <stdlib.h>
#include <string.h>

#include "outreach/apart.h"
#include "record/name.h"

/* An event of a session and whose it is; NULL: the school's. */
struct step {
    const struct event *event;
    const struct sessions_family *family;
};

/* --- who may not meet --- */

/* Invited and has not said no, or was there. */
static bool is_expected(const struct sessions_party *party)
{
    return !party->apart &&
           (party->attended ||
               (party->rsvp != RSVP_NO && party->rsvp != RSVP_CANCELLED));
}

static bool in_one_room(
    const struct event_session *a, const struct event_session *b)
{
    return a->session == b->session ||
           (a->status != SESSION_CANCELLED && b->status != SESSION_CANCELLED &&
               a->start.ms < b->end.ms && b->start.ms < a->end.ms &&
               name_same(a->place, b->place));
}

bool sessions_may_join(const struct sessions *sessions,
    const struct sessions_one *one, const struct sessions_family *family,
    const struct reach_person *person)
{
    for (size_t i = 0; i < sessions->count; i++) {
        const struct sessions_one *other = &sessions->list[i];

        if (!in_one_room(one->is, other->is))
            continue;
        for (size_t j = 0; j < other->party_count; j++)
            if (other->parties[j].family == family &&
                is_expected(&other->parties[j]) &&
                apart_keep(family, person, other->parties[j].person))
                return false;
    }
    return true;
}

/* --- places --- */

struct heads {
    uint32_t places, creche;
};

static struct heads heads_of(
    const struct sessions_one *one, const struct sessions_family *family)
{
    struct heads all = {0, 0};
    uint32_t guests = 0;

    for (size_t i = 0; i < one->party_count; i++) {
        const struct sessions_party *party = &one->parties[i];

        if (party->family != family || !sessions_has_place(party))
            continue;
        all.places++;
        if (party->guests > guests)
            guests = party->guests;
        if (party->creche > all.creche)
            all.creche = party->creche;
    }
    all.places += guests;
    return all;
}

static bool fits(
    uint32_t limit, uint32_t taken, uint32_t before, uint32_t after)
{
    return after <= before || taken - before + after <= limit;
}

/* Give the party these places if there is room; else leave it as it was. */
static bool give(struct sessions_one *one, struct sessions_party *party,
    uint32_t guests, uint32_t creche)
{
    const struct heads before = heads_of(one, party->family);
    const struct sessions_party was = *party;
    const uint32_t limit =
        one->is->capacity == 0 ? UINT32_MAX : one->is->capacity;
    struct heads after;

    party->rsvp = RSVP_YES;
    party->guests = guests;
    party->creche = creche;
    after = heads_of(one, party->family);
    if (!fits(limit, one->taken, before.places, after.places) ||
        !fits(
            one->is->creche, one->creche_taken, before.creche, after.creche)) {
        *party = was;
        return false;
    }
    one->taken += after.places - before.places;
    one->creche_taken += after.creche - before.creche;
    return true;
}

static void take_back(
    struct sessions_one *one, struct sessions_party *party, enum rsvp rsvp)
{
    const struct heads before = heads_of(one, party->family);
    struct heads after;

    party->rsvp = rsvp;
    after = heads_of(one, party->family);
    one->taken -= before.places - after.places;
    one->creche_taken -= before.creche - after.creche;
}

static int by_queued(const void *a, const void *b)
{
    const struct sessions_party *const *x = a;
    const struct sessions_party *const *y = b;

    return ((*x)->queued > (*y)->queued) - ((*x)->queued < (*y)->queued);
}

/* Those who wait, in order. */
static struct sessions_party **waiting(
    struct sessions_one *one, size_t *count, struct arena *arena)
{
    struct sessions_party **list = arena_take(
        arena, (one->party_count + 1) * sizeof(struct sessions_party *));

    *count = 0;
    for (size_t i = 0; i < one->party_count; i++)
        if (one->parties[i].rsvp == RSVP_WAITING && !one->parties[i].apart)
            list[(*count)++] = &one->parties[i];
    qsort(list, *count, sizeof(struct sessions_party *), by_queued);
    return list;
}

static bool anybody_waits(const struct sessions_one *one)
{
    for (size_t i = 0; i < one->party_count; i++)
        if (one->parties[i].rsvp == RSVP_WAITING)
            return true;
    return false;
}

static void move_up(struct sessions_one *one, struct arena *arena)
{
    struct sessions_party **list;
    size_t count;

    if (!anybody_waits(one))
        return;
    list = waiting(one, &count, arena);
    for (size_t i = 0; i < count; i++)
        (void)give(one, list[i], list[i]->guests, list[i]->creche);
}

/* --- the events --- */

static struct sessions_party *party_for(struct sessions_one *one,
    const struct step *step, int64_t record, uint32_t contact)
{
    const struct sessions_family *f = step->family;
    const struct reach_person *person =
        reach_who(f->reach, f->pupils, f->pupil_count, record, contact);

    if (person == NULL) /* restricted, or no longer in the record */
        return NULL;
    for (size_t i = 0; i < one->party_count; i++)
        if (one->parties[i].family == f &&
            one->parties[i].person->n == person->n)
            return &one->parties[i];
    one->parties[one->party_count] =
        (struct sessions_party){.family = f, .person = person};
    return &one->parties[one->party_count++];
}

static void on_reply(struct sessions *all, struct sessions_one *one,
    struct sessions_party *party, const struct event *event)
{
    const struct event_reply *reply = &event->u.reply;
    const bool had = sessions_has_place(party);

    (void)all;
    party->reply = reply;
    if (reply->rsvp != RSVP_YES && reply->rsvp != RSVP_WAITING) {
        take_back(one, party, reply->rsvp);
        party->guests = reply->guests;
        party->creche = reply->creche;
        return;
    }
    if (party->rsvp != RSVP_WAITING && !had)
        party->queued = event->id;
    if (reply->rsvp == RSVP_YES && !party->apart &&
        give(one, party, reply->guests, reply->creche))
        return;
    if (had)
        return; /* they keep the places they have */
    party->rsvp = RSVP_WAITING;
    party->guests = reply->guests;
    party->creche = reply->creche;
}

static void on_step(
    struct sessions *all, struct sessions_one *one, const struct step *step)
{
    const struct event *event = step->event;
    struct sessions_party *party = NULL;

    if (event->kind == EVENT_INVITE)
        party = party_for(
            one, step, event->u.invite.record, event->u.invite.contact);
    else if (event->kind == EVENT_REPLY)
        party =
            party_for(one, step, event->u.reply.record, event->u.reply.contact);
    else
        party = party_for(
            one, step, event->u.attendance.record, event->u.attendance.contact);
    if (party == NULL)
        return;
    if (!is_expected(party) || party->invite == NULL) {
        party->apart = true; /* not to be compared with itself */
        party->apart =
            !sessions_may_join(all, one, party->family, party->person);
    }
    if (event->kind == EVENT_INVITE) {
        party->invite = &event->u.invite;
        if (party->invited_at.ms == 0)
            party->invited_at = event->at;
    } else if (event->kind == EVENT_REPLY)
        on_reply(all, one, party, event);
    else {
        party->marked = true;
        party->attended = event->u.attendance.attended;
    }
}

static uint32_t number_of(const struct event *event)
{
    switch ((int)event->kind) {
    case EVENT_SESSION:
        return event->u.session.session;
    case EVENT_INVITE:
        return event->u.invite.session;
    case EVENT_REPLY:
        return event->u.reply.session;
    case EVENT_ATTENDANCE:
        return event->u.attendance.session;
    default:
        return 0;
    }
}

static int by_id(const void *a, const void *b)
{
    const int64_t x = ((const struct step *)a)->event->id;
    const int64_t y = ((const struct step *)b)->event->id;

    return (x > y) - (x < y);
}

static size_t collect(struct step *steps, const struct event *events,
    size_t count, const struct sessions_family *family)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++)
        if (number_of(&events[i]) != 0) {
            if (steps != NULL)
                steps[found] = (struct step){&events[i], family};
            found++;
        }
    return found;
}

static int by_number(const void *a, const void *b)
{
    const uint32_t x = ((const struct sessions_one *)a)->is->session;
    const uint32_t y = ((const struct sessions_one *)b)->is->session;

    return (x > y) - (x < y);
}

/* Every session with its first form; their events then change it. */
static void find_sessions(struct sessions *out, const struct step *steps,
    size_t count, struct arena *arena)
{
    out->list = arena_take(arena, (count + 1) * sizeof *out->list);
    for (size_t i = 0; i < count; i++)
        if (steps[i].event->kind == EVENT_SESSION &&
            sessions_find(out, number_of(steps[i].event)) == NULL)
            out->list[out->count++].is = &steps[i].event->u.session;
    qsort(out->list, out->count, sizeof *out->list, by_number);
    for (size_t i = 0; i < count; i++) {
        struct sessions_one *one =
            sessions_find(out, number_of(steps[i].event));

        if (one != NULL)
            one->party_room++;
    }
    for (size_t i = 0; i < out->count; i++)
        out->list[i].parties = arena_take(
            arena, out->list[i].party_room * sizeof(struct sessions_party));
}

static void number_waiting(struct sessions_one *one, struct arena *arena)
{
    struct sessions_party **list;
    size_t count;

    list = waiting(one, &count, arena);
    for (size_t i = 0; i < count; i++)
        list[i]->place = (uint32_t)i + 1;
}

void sessions_fold(struct sessions *out, const struct event *school,
    size_t school_count, const struct sessions_family *families,
    size_t family_count, struct arena *arena)
{
    size_t count = collect(NULL, school, school_count, NULL);
    struct step *steps;

    *out = (struct sessions){NULL, 0};
    for (size_t i = 0; i < family_count; i++)
        count += collect(
            NULL, families[i].events, families[i].event_count, &families[i]);
    steps = arena_take(arena, (count + 1) * sizeof *steps);
    count = collect(steps, school, school_count, NULL);
    for (size_t i = 0; i < family_count; i++)
        count += collect(steps + count, families[i].events,
            families[i].event_count, &families[i]);
    qsort(steps, count, sizeof *steps, by_id);
    find_sessions(out, steps, count, arena);
    for (size_t i = 0; i < count; i++) {
        struct sessions_one *one =
            sessions_find(out, number_of(steps[i].event));

        if (one == NULL)
            continue;
        if (steps[i].event->kind == EVENT_SESSION) {
            one->changes += one->is != &steps[i].event->u.session;
            one->is = &steps[i].event->u.session;
        } else if (steps[i].family != NULL)
            on_step(out, one, &steps[i]);
        move_up(one, arena);
    }
    for (size_t i = 0; i < out->count; i++)
        number_waiting(&out->list[i], arena);
}

/* --- questions --- */

struct sessions_one *sessions_find(
    const struct sessions *sessions, uint32_t number)
{
    for (size_t i = 0; i < sessions->count; i++)
        if (sessions->list[i].is->session == number)
            return &sessions->list[i];
    return NULL;
}

const struct sessions_party *sessions_party_of(const struct sessions_one *one,
    const struct sessions_family *family, const struct reach_person *person)
{
    for (size_t i = 0; i < one->party_count; i++)
        if (one->parties[i].family == family &&
            one->parties[i].person->n == person->n)
            return &one->parties[i];
    return NULL;
}

uint32_t sessions_free(const struct sessions_one *one)
{
    if (one->is->capacity == 0)
        return UINT32_MAX;
    return one->taken >= one->is->capacity ? 0 : one->is->capacity - one->taken;
}

uint32_t sessions_creche_free(const struct sessions_one *one)
{
    return one->creche_taken >= one->is->creche
               ? 0
               : one->is->creche - one->creche_taken;
}

bool sessions_has_room(const struct sessions_one *one,
    const struct sessions_family *family, const struct reach_person *person,
    uint32_t guests, uint32_t creche)
{
    const struct sessions_party *party = sessions_party_of(one, family, person);
    const struct heads now = heads_of(one, family);
    const bool here = party != NULL && sessions_has_place(party);
    struct heads then = {here ? 0 : 1, creche};
    uint32_t most = guests;

    for (size_t i = 0; i < one->party_count; i++) {
        const struct sessions_party *p = &one->parties[i];

        if (p->family != family || !sessions_has_place(p))
            continue;
        then.places++;
        if (p != party && p->guests > most)
            most = p->guests;
        if (p != party && p->creche > then.creche)
            then.creche = p->creche;
    }
    then.places += most;
    return fits(one->is->capacity == 0 ? UINT32_MAX : one->is->capacity,
               one->taken, now.places, then.places) &&
           fits(one->is->creche, one->creche_taken, now.creche, then.creche);
}

bool sessions_has_place(const struct sessions_party *party)
{
    return party->rsvp == RSVP_YES && !party->apart;
}

bool sessions_missed(const struct sessions_party *party)
{
    return sessions_has_place(party) && party->marked && !party->attended;
}
