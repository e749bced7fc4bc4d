#include "outreach/fitting.h"

#include <string.h>

#include "outreach/apart.h"
#include "outreach/languages.h"

static const struct {
    const char *name, *text;
} REASONS[] = {
    {"not-open", "not open for invitations"},
    {"full", "full"},
    {"time", "not at a time they can"},
    {"interpreter", "no interpreter for their language"},
    {"creche", "no crèche place"},
    {"access", "not step-free"},
    {"apart", "somebody they may not meet is invited"},
    {"not-for-them", "for other families"},
};

static unsigned place_of(enum fitting reason)
{
    unsigned at = 0;

    while ((1U << at) < (unsigned)reason && (1U << at) < FITTING_LAST)
        at++;
    return at;
}

const char *fitting_name(enum fitting reason)
{
    return REASONS[place_of(reason)].name;
}

const char *fitting_text(enum fitting reason)
{
    return REASONS[place_of(reason)].text;
}

bool fitting_needs(const struct sessions_family *family, enum barrier barrier)
{
    bool needs = false;

    for (size_t i = 0; i < family->event_count; i++) {
        const struct event_barrier *b = &family->events[i].u.barrier;

        if (family->events[i].kind == EVENT_BARRIER && b->barrier == barrier)
            needs =
                b->source != BARRIER_ASSUMED &&
                (b->status == BARRIER_OPEN || b->status == BARRIER_ADJUSTED);
    }
    return needs;
}

static bool time_suits(
    const struct event_preference *wishes, const struct event_session *session)
{
    const struct bands_local start = bands_local(session->start);
    const unsigned band = BAND_BIT(bands_of(session->start));

    if (wishes == NULL)
        return true;
    if (wishes->good_bands != 0 && (wishes->good_bands & band) == 0)
        return false;
    if ((wishes->bad_bands & band) != 0)
        return false;
    return wishes->good_days == 0 ||
           (wishes->good_days & (1U << (start.weekday - 1))) != 0;
}

static bool is_understood(
    const struct reach_person *person, const struct event_session *session)
{
    if (person->interpreter == INTERPRETER_BSL)
        return languages_speaks(session->interpreters, "BSL");
    return person->interpreter != INTERPRETER_SPOKEN ||
           languages_speaks(session->interpreters, person->language);
}

static bool has_send(const struct sessions_family *family)
{
    for (size_t i = 0; i < family->pupil_count; i++) {
        const char *provision = family->pupils[i].leaver->sen_provision;

        if (strcmp(provision, "K") == 0 || strcmp(provision, "E") == 0)
            return true;
    }
    return false;
}

static bool is_for(const struct sessions_family *family,
    const struct reach_person *person, const struct event_session *session)
{
    if (session->type == SESSION_SEND_COFFEE)
        return has_send(family);
    if (session->type == SESSION_EAL_WELCOME)
        return person->interpreter == INTERPRETER_SPOKEN ||
               (person->language[0] != '\0' &&
                   strcmp(person->language, "ENG") != 0);
    return true;
}

static bool has_part(const struct sessions_party *party)
{
    return party != NULL && sessions_has_place(party);
}

static unsigned help_missing(const struct sessions_one *one,
    const struct sessions_family *family, const struct sessions_party *party)
{
    const bool online =
        one->is->type == SESSION_ONLINE || one->is->online_link[0] != '\0';
    unsigned missing = 0;

    if (online)
        return 0;
    if (fitting_needs(family, BARRIER_CHILDCARE) &&
        sessions_creche_free(one) == 0 && !(has_part(party) && party->creche))
        missing |= FITTING_CRECHE;
    if (fitting_needs(family, BARRIER_HEALTH_OR_DISABILITY) &&
        !one->is->step_free)
        missing |= FITTING_ACCESS;
    return missing;
}

unsigned fitting_of(const struct sessions *sessions,
    const struct sessions_one *one, const struct sessions_family *family,
    const struct reach_person *person, wall now)
{
    const struct sessions_party *party = sessions_party_of(one, family, person);
    unsigned why = help_missing(one, family, party);

    if (one->is->status != SESSION_PUBLISHED || one->is->start.ms <= now.ms)
        why |= FITTING_NOT_OPEN;
    if (sessions_free(one) == 0 && !has_part(party))
        why |= FITTING_FULL;
    if (!time_suits(person->wishes, one->is))
        why |= FITTING_TIME;
    if (!is_understood(person, one->is))
        why |= FITTING_LANGUAGE;
    if (!is_for(family, person, one->is))
        why |= FITTING_NOT_FOR_THEM;
    if (!sessions_may_join(sessions, one, family, person))
        why |= FITTING_APART;
    return why;
}

const struct sessions_one *fitting_first(const struct sessions *sessions,
    const struct sessions_family *family, const struct reach_person *person,
    wall now)
{
    for (size_t i = 0; i < sessions->count; i++)
        if (fitting_of(sessions, &sessions->list[i], family, person, now) == 0)
            return &sessions->list[i];
    return NULL;
}

static bool meets_nobody(
    const struct sessions_family *family, const struct reach_person *person)
{
    for (size_t i = 0; i < family->reach->count; i++)
        if (apart_keep(family, person, &family->reach->people[i]))
            return true;
    return false;
}

bool fitting_served(const struct sessions *sessions,
    const struct sessions_family *family, const struct reach_person *person,
    wall now)
{
    if (fitting_first(sessions, family, person, now) != NULL)
        return true;
    if (meets_nobody(family, person))
        return false;
    for (size_t i = 0; i < family->reach->count; i++)
        if (fitting_first(sessions, family, &family->reach->people[i], now) !=
            NULL)
            return true;
    return false;
}
