#include "agentd/invited.h"

#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/sessionbook.h"
#include "outreach/meeting.h"
#include "outreach/when.h"

#define MOST_FITTING 2
#define DAY_MS ((int64_t)24 * 3600 * 1000)

/* Open for invitations, and begins before that. */
static bool is_ahead(const struct event_session *session, wall now, wall before)
{
    return session->status == SESSION_PUBLISHED && session->start.ms > now.ms &&
           session->start.ms < before.ms;
}

/* A school has few sessions in a week: only then is all worked out. */
static bool any_ahead(const struct casework *c, wall before)
{
    for (size_t i = 0; i < c->school.event_count; i++)
        if (c->school.events[i].kind == EVENT_SESSION &&
            is_ahead(&c->school.events[i].u.session, c->now, before))
            return true;
    return false;
}

/* --- on a card --- */

static const char *title_of(const struct event_session *session)
{
    return session->title[0] != '\0' ? session->title
                                     : meeting_type_text(session->type);
}

static json_t *session_json(const struct event_session *session)
{
    char when[WHEN_TEXT_SIZE];

    return json_pack("{s:I,s:s,s:o,s:s}", "session",
        (json_int_t)session->session, "title", title_of(session), "start",
        args_time(session->start.ms), "when",
        when_format(session->start, when));
}

static void add_invitations(json_t *list, const struct request *request,
    const struct sessionbook *book, const struct casework_file *file)
{
    for (size_t i = 0; i < book->sessions.count; i++) {
        const struct sessions_one *one = &book->sessions.list[i];

        for (size_t j = 0; j < one->party_count; j++) {
            json_t *party;

            if (one->parties[j].family->family != file->family ||
                one->parties[j].apart || one->is->status == SESSION_CANCELLED)
                continue;
            party = sessionbook_party_json(request->agent, &one->parties[j]);
            json_object_update_new(party, session_json(one->is));
            json_array_append_new(list, party);
        }
    }
}

static bool somebody_can(const struct sessionbook *book,
    const struct sessions_one *one, const struct sessions_family *family,
    wall now)
{
    for (size_t i = 0; i < family->reach->count; i++)
        if (family->reach->people[i].counts != 0 &&
            fitting_of(&book->sessions, one, family, &family->reach->people[i],
                now) == 0)
            return true;
    return false;
}

static bool has_place(const json_t *invitations)
{
    size_t i;
    json_t *one;

    json_array_foreach(invitations, i, one)
    {
        const char *rsvp = json_string_value(json_object_get(one, "rsvp"));

        if (rsvp != NULL &&
            (strcmp(rsvp, meeting_rsvp_name(RSVP_YES)) == 0 ||
                strcmp(rsvp, meeting_rsvp_name(RSVP_WAITING)) == 0))
            return true;
    }
    return false;
}

static void add_fitting(json_t *list, const struct sessionbook *book,
    const struct request *request, const struct casework_file *file)
{
    const struct sessions_family *family = sessionbook_family(book, file);
    const wall now = request->agent->casework->now;

    for (size_t i = 0; family != NULL && i < book->sessions.count &&
                       json_array_size(list) < MOST_FITTING;
         i++)
        if (somebody_can(book, &book->sessions.list[i], family, now))
            json_array_append_new(
                list, session_json(book->sessions.list[i].is));
}

static bool is_invited(const struct casework_file *file)
{
    for (size_t i = 0; i < file->event_count; i++)
        if (file->events[i].kind == EVENT_INVITE)
            return true;
    return false;
}

void invited_add(json_t *card, const struct request *request,
    const struct casework_file *file)
{
    SCOPED(sessionbook_close) struct sessionbook book = SESSIONBOOK_EMPTY;
    const struct casework *c = request->agent->casework;
    json_t *invitations = json_array();
    json_t *fitting = json_array();

    json_object_set_new(card, "invitations", invitations);
    json_object_set_new(card, "sessions_fit", fitting);
    if (!is_invited(file) && !any_ahead(c, (wall){INT64_MAX}))
        return;
    sessionbook_fill(&book, request->agent);
    add_invitations(invitations, request, &book, file);
    if (!has_place(invitations))
        add_fitting(fitting, &book, request, file);
}

/* --- on the list --- */

static bool is_soon(const struct sessionbook *book,
    const struct sessions_family *family, wall now, wall before)
{
    for (size_t i = 0; i < book->sessions.count; i++)
        if (is_ahead(book->sessions.list[i].is, now, before) &&
            somebody_can(book, &book->sessions.list[i], family, now))
            return true;
    return false;
}

void invited_mark_soon(
    struct order_entry *entries, size_t count, const struct agent *agent)
{
    SCOPED(sessionbook_close) struct sessionbook book = SESSIONBOOK_EMPTY;
    const struct casework *c = agent->casework;
    const wall before = {c->now.ms + ORDER_SESSION_DAYS * DAY_MS};

    if (!any_ahead(c, before))
        return;
    sessionbook_fill(&book, agent);
    for (size_t i = 0; i < count; i++) {
        const struct casework_file *file =
            casework_find(agent, entries[i].family);

        if (entries[i].state->callable && entries[i].state->invited_at.ms == 0)
            entries[i].session_soon =
                is_soon(&book, sessionbook_family(&book, file), c->now, before);
    }
}
