/*
 * invite - a contact invited to a session, the answer, and the letters.
 *
 * Whoever two adults of one family may not meet is refused here before anything
 * is stored; what is derived from the events keeps them apart again.
 */
#include <stdio.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/sessionbook.h"
#include "base/err.h"
#include "outreach/invitation.h"
#include "outreach/meeting.h"

#define MAX_PARTY 50

/* What was asked for, found. */
struct wish {
    struct casework_file *file;
    const struct sessions_family *family;
    struct sessions_one *one;
    const struct reach_person *person;
    const struct sessions_party *party; /* NULL: not invited yet */
    bool answers;
    bool changes; /* channel or format was given */
    struct event_invite invite;
    struct event_reply reply;
};

/* --- what was asked for --- */

static int read_invite(
    struct wish *wish, const struct request *request, struct err *err)
{
    const char *channel;
    struct event_invite *invite = &wish->invite;
    int rc = args_text(&channel, request->args, "channel", 20, err);

    if (rc == 0)
        rc = args_text(&invite->format, request->args, "format", 20, err);
    if (rc < 0)
        return rc;
    wish->changes = channel[0] != '\0' || invite->format[0] != '\0';
    invite->how = CHANNEL_LETTER;
    if (channel[0] != '\0')
        invite->how = event_channel_parse(channel);
    if (invite->how == 0)
        return err_set(err, ERR_USAGE,
            "the channel is letter, text, email, voice or in person");
    if (invite->format[0] != '\0' && !invitation_format_known(invite->format))
        return err_set(err, ERR_USAGE,
            "formats: standard, large-print, easy-read, audio, braille, "
            "translated, read-to-me");
    return 0;
}

static int read_count(uint32_t *out, const struct request *request,
    const char *key, struct err *err)
{
    int64_t number = 0;
    int rc = 0;

    if (json_object_get(request->args, key) != NULL)
        rc = args_number(&number, request->args, key, 0, MAX_PARTY, err);
    *out = (uint32_t)number;
    return rc;
}

static int read_reply(
    struct wish *wish, const struct request *request, struct err *err)
{
    const char *word;
    struct event_reply *reply = &wish->reply;
    int rc = args_text(&word, request->args, "rsvp", 12, err);

    if (rc == 0)
        rc = read_count(&reply->guests, request, "guests", err);
    if (rc == 0)
        rc = read_count(&reply->creche, request, "creche", err);
    if (rc == 0)
        rc = args_text(&reply->needs, request->args, "needs", 300, err);
    if (rc == 0)
        rc = args_text(&reply->reason, request->args, "reason", 300, err);
    if (rc < 0)
        return rc;
    wish->answers = word[0] != '\0';
    if (wish->answers &&
        (!meeting_rsvp_parse(&reply->rsvp, word) || reply->rsvp == RSVP_NONE))
        return err_set(err, ERR_USAGE,
            "the answer is yes, no, tentative, waiting or cancelled");
    if (!wish->answers && (reply->guests > 0 || reply->creche > 0))
        return err_set(
            err, ERR_USAGE, "guests and crèche places go with --rsvp yes");
    return 0;
}

/* Whoever is invited already, else the first with care or responsibility who
 * may be there. */
static const struct reach_person *usual_person(
    const struct sessionbook *book, const struct wish *wish)
{
    const struct reach *reach = wish->family->reach;

    for (size_t i = 0; i < reach->count; i++) {
        const struct sessions_party *party =
            sessions_party_of(wish->one, wish->family, &reach->people[i]);

        if (party != NULL && !party->apart)
            return party->person;
    }
    for (size_t i = 0; i < reach->count; i++)
        if (reach->people[i].counts != 0 &&
            sessions_may_join(
                &book->sessions, wish->one, wish->family, &reach->people[i]))
            return &reach->people[i];
    return reach->count > 0 ? &reach->people[0] : NULL;
}

static int find_person(struct wish *wish, const struct sessionbook *book,
    struct request *request, struct err *err)
{
    int64_t n;
    int rc;

    if (json_object_get(request->args, "contact") == NULL) {
        wish->person = usual_person(book, wish);
        return wish->person != NULL
                   ? 0
                   : err_set(err, ERR_NOT_FOUND,
                         "nobody of this family may be invited");
    }
    rc = args_number(&n, request->args, "contact", 1, UINT32_MAX, err);
    if (rc < 0)
        return rc;
    wish->person = reach_person(&wish->file->reach, (uint32_t)n);
    if (wish->person != NULL)
        return 0;
    request->next = "moveup card CASE shows whom you may invite";
    return err_set(err, ERR_NOT_FOUND,
        "there is no contact with that number who may be invited");
}

static int read_wish(struct wish *wish, struct sessionbook *book,
    struct request *request, struct err *err)
{
    int rc = desk_case(&wish->file, request, err);

    if (rc == 0)
        rc = sessionbook_open(book, request, err);
    if (rc == 0)
        rc = sessionbook_session(&wish->one, book, request, err);
    if (rc == 0)
        rc = read_invite(wish, request, err);
    if (rc == 0)
        rc = read_reply(wish, request, err);
    if (rc < 0)
        return rc;
    wish->family = sessionbook_family(book, wish->file);
    rc = find_person(wish, book, request, err);
    if (rc < 0)
        return rc;
    wish->party = sessions_party_of(wish->one, wish->family, wish->person);
    wish->invite.session = wish->reply.session = wish->one->is->session;
    wish->invite.record = wish->reply.record = wish->person->record;
    wish->invite.contact = wish->reply.contact = wish->person->contact;
    wish->invite.language = wish->person->language;
    return 0;
}

/* --- what may not be --- */

static int check_session(
    const struct wish *wish, struct request *request, struct err *err)
{
    const struct event_session *s = wish->one->is;
    const bool comes = !wish->answers || wish->reply.rsvp == RSVP_YES ||
                       wish->reply.rsvp == RSVP_TENTATIVE ||
                       wish->reply.rsvp == RSVP_WAITING;

    if (!comes)
        return 0;
    request->next = "moveup session list shows what they could come to";
    if (s->status == SESSION_CANCELLED)
        return err_set(err, ERR_DENIED, "that session is cancelled");
    if (s->status != SESSION_PUBLISHED) {
        request->next = "moveup session publish makes it open for invitations";
        return err_set(err, ERR_DENIED, "that session is not published yet");
    }
    if (s->end.ms <= clock_wall().ms)
        return err_set(err, ERR_DENIED, "that session is over");
    request->next = "";
    return 0;
}

static int check_apart(const struct wish *wish, const struct sessionbook *book,
    struct request *request, struct err *err)
{
    if (sessions_may_join(
            &book->sessions, wish->one, wish->family, wish->person))
        return 0;
    request->next = "Invite them to another session: moveup session fit shows "
                    "who has none";
    return err_set(
        err, ERR_DENIED, "somebody whom they may not meet is invited there");
}

static int check_places(
    const struct wish *wish, struct request *request, struct err *err)
{
    const struct event_session *s = wish->one->is;
    const uint32_t guests = wish->reply.guests;

    if (!wish->answers || wish->reply.rsvp != RSVP_YES)
        return 0;
    if (wish->reply.creche > s->creche)
        return err_set(err, ERR_DENIED,
            s->creche == 0 ? "that session has no crèche"
                           : "the crèche has only %u places",
            s->creche);
    if (s->capacity != 0 && guests + 1 > s->capacity)
        return err_set(err, ERR_DENIED,
            "that session is for %u people altogether", s->capacity);
    if (wish->party != NULL && sessions_has_place(wish->party) &&
        !sessions_has_room(wish->one, wish->family, wish->person, guests,
            wish->reply.creche)) {
        request->next = "They keep the places they have";
        return err_set(
            err, ERR_DENIED, "there is no room for more of this family");
    }
    return 0;
}

/* --- storing --- */

struct waiter {
    int64_t family;
    uint32_t contact;
};

static size_t note_waiting(
    struct waiter **out, const struct sessions_one *one, struct arena *arena)
{
    size_t count = 0;

    *out = arena_take(arena, (one->party_count + 1) * sizeof **out);
    for (size_t i = 0; i < one->party_count; i++)
        if (one->parties[i].rsvp == RSVP_WAITING)
            (*out)[count++] = (struct waiter){
                one->parties[i].family->family, one->parties[i].person->n};
    return count;
}

/* Those who waited and now have a place: somebody has to tell them. */
static json_t *moved_up(const struct agent *agent,
    const struct sessions_one *one, const struct waiter *waited, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < one->party_count; i++) {
        const struct sessions_party *p = &one->parties[i];

        for (size_t j = 0; j < count; j++)
            if (sessions_has_place(p) &&
                waited[j].family == p->family->family &&
                waited[j].contact == p->person->n)
                json_array_append_new(list, sessionbook_party_json(agent, p));
    }
    return list;
}

static int store(
    const struct wish *wish, struct request *request, struct err *err)
{
    struct db *db = request->agent->db;
    struct event invite = {.family = wish->file->family,
        .kind = EVENT_INVITE,
        .u.invite = wish->invite};
    struct event reply = {.family = wish->file->family,
        .kind = EVENT_REPLY,
        .u.reply = wish->reply};
    char detail[48];
    int rc = db_begin(db, err);

    snprintf(detail, sizeof detail, "session %u%s%s", wish->invite.session,
        wish->answers ? " " : "",
        wish->answers ? meeting_rsvp_name(wish->reply.rsvp) : "");
    if (rc == 0 &&
        (wish->party == NULL || wish->party->invite == NULL || wish->changes))
        rc = desk_add(request, &invite, err);
    if (rc == 0 && wish->answers)
        rc = desk_add(request, &reply, err);
    if (rc == 0)
        rc = requests_audit(
            request, "invite", NULL, wish->file->family, detail, err);
    return rc < 0 ? rc : db_commit(db, err);
}

static json_t *warnings_json(const struct sessionbook *book,
    const struct sessions_one *one, const struct sessions_party *party)
{
    const unsigned why = fitting_of(
        &book->sessions, one, party->family, party->person, clock_wall());
    json_t *list = json_array();

    for (unsigned bit = FITTING_TIME; bit <= FITTING_LAST; bit <<= 1)
        if ((why & bit) != 0)
            json_array_append_new(
                list, json_string(fitting_text((enum fitting)bit)));
    return list;
}

int invite_family(json_t **result, struct request *request, struct err *err)
{
    SCOPED(sessionbook_close)
    struct sessionbook book = SESSIONBOOK_EMPTY;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct wish wish = {.file = NULL};
    struct waiter *waited;
    size_t waited_count;
    const struct sessions_party *party;
    uint32_t number;
    uint32_t contact;
    json_t *letter = NULL;
    int rc = read_wish(&wish, &book, request, err);

    if (rc == 0)
        rc = check_session(&wish, request, err);
    if (rc == 0)
        rc = check_apart(&wish, &book, request, err);
    if (rc == 0)
        rc = check_places(&wish, request, err);
    if (rc < 0)
        return rc;
    waited_count = note_waiting(&waited, wish.one, &arena);
    number = wish.one->is->session;
    contact = wish.person->n;
    rc = store(&wish, request, err);
    if (rc == 0)
        rc = sessionbook_open(&book, request, err);
    if (rc < 0)
        return rc;
    wish.one = sessions_find(&book.sessions, number);
    wish.family = sessionbook_family(&book, wish.file);
    wish.person = reach_person(&wish.file->reach, contact);
    party = sessions_party_of(wish.one, wish.family, wish.person);
    if (args_flag(request->args, "print"))
        rc = sessionbook_letter(&letter, request, wish.one, party, err);
    *result =
        json_pack("{s:o,s:o,s:o,s:o}", "session", sessionbook_json(wish.one),
            "invitation", sessionbook_party_json(request->agent, party),
            "warnings", warnings_json(&book, wish.one, party), "moved_up",
            moved_up(request->agent, wish.one, waited, waited_count));
    if (letter != NULL)
        json_object_set_new(*result, "letter", letter);
    return rc;
}

/* --- letters to everybody who is invited --- */

int invite_letters(json_t **result, struct request *request, struct err *err)
{
    SCOPED(sessionbook_close)
    struct sessionbook book = SESSIONBOOK_EMPTY;
    struct sessions_one *one = NULL;
    json_t *list = json_array();
    char detail[24];
    int rc = sessionbook_open(&book, request, err);

    *result = json_pack("{s:o}", "letters", list);
    if (rc == 0)
        rc = sessionbook_session(&one, &book, request, err);
    for (size_t i = 0; rc == 0 && i < one->party_count; i++) {
        const struct sessions_party *p = &one->parties[i];
        json_t *letter = NULL;

        if (p->apart || p->invite == NULL || p->rsvp == RSVP_NO ||
            p->rsvp == RSVP_CANCELLED)
            continue;
        rc = sessionbook_letter(&letter, request, one, p, err);
        if (rc == 0)
            json_array_append_new(list, letter);
    }
    if (rc < 0)
        return rc;
    snprintf(detail, sizeof detail, "session %u", one->is->session);
    return requests_audit(request, "session.letters", NULL, 0, detail, err);
}
