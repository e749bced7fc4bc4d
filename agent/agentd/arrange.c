/*
 * arrange - information sessions are made, changed, published and cancelled.
 *
 * Each is an event that holds the session as it then stands; whoever was
 * invited to one that changes is named, to be told.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/sessionbook.h"
#include "base/err.h"
#include "outreach/languages.h"
#include "outreach/meeting.h"
#include "outreach/when.h"

#define USUAL_MINUTES 60
#define MAX_PLACES 5000

/* --- add --- */

static int read_type(
    enum session_type *out, struct request *request, struct err *err)
{
    const char *text;
    int rc = args_need(&text, request->args, "type", 40, err);

    if (rc < 0)
        return rc;
    *out = meeting_type_parse(text);
    if (*out != 0)
        return 0;
    request->next = "Types: new-intake-evening, meet-the-tutor, send-coffee, "
                    "eal-welcome, learning-at-home, transport-uniform, "
                    "one-to-one, online, induction-day";
    return err_set(err, ERR_USAGE, "that is no type of session");
}

/* Minutes since midnight of "19:30"; -1 if it is no time. */
static int minutes_of(const char *text)
{
    char *end;
    long hour;
    long minute;

    if (strspn(text, "0123456789:") != strlen(text))
        return -1;
    hour = strtol(text, &end, 10);
    if (end == text || *end != ':' || strlen(end) != 3)
        return -1;
    minute = strtol(end + 1, &end, 10);
    return *end != '\0' || hour > 23 || minute > 59 ? -1
                                                    : (int)(hour * 60 + minute);
}

/* "19:30" on the day it starts; an hour after the start if it is not given. */
static int read_end(
    wall *out, wall start, struct request *request, struct err *err)
{
    const char *text;
    int minutes;
    int rc = args_text(&text, request->args, "end", 8, err);

    if (rc < 0)
        return rc;
    *out = (wall){start.ms + (int64_t)USUAL_MINUTES * 60000};
    if (text[0] == '\0')
        return 0;
    minutes = minutes_of(text);
    if (minutes < 0)
        return err_set(err, ERR_USAGE, "the end is a time, like 19:30");
    *out = bands_moment(bands_local(start).day, minutes);
    if (out->ms <= start.ms)
        return err_set(err, ERR_USAGE, "it cannot end before it starts");
    return 0;
}

static int read_times(
    struct event_session *out, struct request *request, struct err *err)
{
    const char *text;
    int rc = args_need(&text, request->args, "start", 40, err);

    if (rc == 0)
        rc = when_parse(&out->start, text, clock_wall(), err);
    if (rc == 0)
        rc = read_end(&out->end, out->start, request, err);
    return rc;
}

static int read_places(uint32_t *out, const struct request *request,
    const char *key, struct err *err)
{
    int64_t number = 0;
    int rc = 0;

    if (json_object_get(request->args, key) != NULL)
        rc = args_number(&number, request->args, key, 0, MAX_PLACES, err);
    *out = (uint32_t)number;
    return rc;
}

/* "so,urd" as the codes that records have. */
static int read_interpreters(
    char out[80], const struct request *request, struct err *err)
{
    const char *text;
    size_t len = 0;
    int rc = args_text(&text, request->args, "interpreters", 60, err);

    out[0] = '\0';
    while (rc == 0 && *text != '\0') {
        const size_t end = strcspn(text, ", ");
        char word[8] = "";
        char code[8];

        if (end >= sizeof word)
            return err_set(
                err, ERR_USAGE, "a language is a code, like so or SOM");
        memcpy(word, text, end);
        len += (size_t)snprintf(out + len, 80 - len, "%s%s", len > 0 ? "," : "",
            languages_code(code, word));
        if (len >= 72)
            return err_set(err, ERR_USAGE, "too many languages");
        text += end + strspn(text + end, ", ");
    }
    return rc;
}

static int check_place(const struct event_session *s, struct err *err)
{
    return s->place[0] != '\0' || s->online_link[0] != '\0'
               ? 0
               : err_set(
                     err, ERR_USAGE, "say where it is: --place, or --online");
}

static int read_texts(
    struct event_session *out, const struct request *request, struct err *err)
{
    const json_t *args = request->args;
    int rc = args_text(&out->title, args, "title", 80, err);

    if (rc == 0)
        rc = args_text(&out->place, args, "place", 120, err);
    if (rc == 0)
        rc = args_text(&out->online_link, args, "online_link", 200, err);
    if (rc == 0)
        rc = args_text(&out->person, args, "person", 80, err);
    if (rc == 0)
        rc = args_text(&out->phone, args, "phone", 40, err);
    return rc;
}

/* A session is told to every family, so that no text of it may name an adult
 * who is restricted in one. */
static int check_words(const struct request *request,
    const struct event_session *session, struct err *err)
{
    const struct casework *c = request->agent->casework;
    const char *const words[] = {session->title, session->place,
        session->online_link, session->person, session->phone};

    for (size_t i = 0; i < c->count; i++)
        for (size_t j = 0; j < sizeof words / sizeof words[0]; j++) {
            bool withheld = false;

            (void)desk_shown(c->files[i], words[j], &withheld);
            if (withheld)
                return err_set(err, ERR_DENIED,
                    "this names an adult who is restricted in one family, and "
                    "every family would read it");
        }
    return 0;
}

static uint32_t next_number(const struct sessionbook *book)
{
    const size_t count = book->sessions.count;

    return count == 0 ? 1 : book->sessions.list[count - 1].is->session + 1;
}

static int store(json_t **result, struct sessionbook *book,
    struct request *request, const struct event_session *session,
    const char *action, struct err *err)
{
    struct db *db = request->agent->db;
    struct event event = {.kind = EVENT_SESSION, .u.session = *session};
    char detail[24];
    int rc = db_begin(db, err);

    snprintf(detail, sizeof detail, "session %u", session->session);
    if (rc == 0)
        rc = desk_add(request, &event, err);
    if (rc == 0)
        rc = requests_audit(request, action, NULL, 0, detail, err);
    if (rc == 0)
        rc = db_commit(db, err);
    if (rc == 0)
        rc = sessionbook_open(book, request, err);
    if (rc == 0)
        *result = json_pack("{s:o}", "session",
            sessionbook_json(
                sessions_find(&book->sessions, event.u.session.session)));
    return rc;
}

int arrange_add(json_t **result, struct request *request, struct err *err)
{
    SCOPED(sessionbook_close)
    struct sessionbook book = SESSIONBOOK_EMPTY;
    struct event_session session = {.status = SESSION_DRAFT, .note = ""};
    char interpreters[80];
    int rc = read_type(&session.type, request, err);

    if (rc == 0)
        rc = read_times(&session, request, err);
    if (rc == 0)
        rc = read_texts(&session, request, err);
    if (rc == 0)
        rc = check_place(&session, err);
    if (rc == 0)
        rc = read_places(&session.capacity, request, "capacity", err);
    if (rc == 0)
        rc = read_places(&session.creche, request, "creche", err);
    if (rc == 0)
        rc = read_interpreters(interpreters, request, err);
    if (rc == 0)
        rc = sessionbook_open(&book, request, err);
    if (rc == 0)
        rc = check_words(request, &session, err);
    if (rc < 0)
        return rc;
    session.session = next_number(&book);
    session.interpreters = interpreters;
    session.step_free = args_flag(request->args, "step_free");
    session.learning_linked = args_flag(request->args, "learning_linked");
    if (args_flag(request->args, "publish"))
        session.status = SESSION_PUBLISHED;
    return store(result, &book, request, &session, "session.add", err);
}

/* --- publish, cancel --- */

static int set_status(json_t **result, struct request *request,
    enum session_status status, const char *action, struct err *err)
{
    SCOPED(sessionbook_close)
    struct sessionbook book = SESSIONBOOK_EMPTY;
    struct sessions_one *one = NULL;
    struct event_session session;
    int rc = sessionbook_open_at(&one, &book, request, err);

    if (rc < 0)
        return rc;
    if (one->is->status == SESSION_CANCELLED)
        return err_set(err, ERR_EXISTS, "that session is cancelled");
    if (one->is->status == status)
        return err_set(err, ERR_EXISTS, "that session is %s already",
            meeting_status_name(status));
    if (one->is->start.ms <= clock_wall().ms)
        return err_set(err, ERR_USAGE, "that session has begun");
    session = *one->is;
    session.status = status;
    rc = args_text(&session.note, request->args, "reason", 200, err);
    return rc < 0 ? rc : store(result, &book, request, &session, action, err);
}

int arrange_publish(json_t **result, struct request *request, struct err *err)
{
    return set_status(
        result, request, SESSION_PUBLISHED, "session.publish", err);
}

/* Whoever said that they come, or might, has to be told. */
static json_t *tell_json(
    const struct request *request, const struct sessions_one *one)
{
    json_t *tell = json_array();

    for (size_t i = 0; i < one->party_count; i++) {
        const struct sessions_party *p = &one->parties[i];

        if (!p->apart && p->rsvp != RSVP_NO && p->rsvp != RSVP_CANCELLED)
            json_array_append_new(
                tell, sessionbook_party_json(request->agent, p));
    }
    return tell;
}

static int add_tell(json_t *result, struct request *request, struct err *err)
{
    SCOPED(sessionbook_close)
    struct sessionbook book = SESSIONBOOK_EMPTY;
    struct sessions_one *one = NULL;
    int rc = sessionbook_open_at(&one, &book, request, err);

    return rc < 0
               ? rc
               : json_object_set_new(result, "tell", tell_json(request, one));
}

int arrange_cancel(json_t **result, struct request *request, struct err *err)
{
    const int rc =
        set_status(result, request, SESSION_CANCELLED, "session.cancel", err);

    return rc < 0 ? rc : add_tell(*result, request, err);
}

/* --- edit --- */

static bool is_given(const struct request *request, const char *key)
{
    return json_object_get(request->args, key) != NULL;
}

/* A new start keeps the length, unless the end is given too. */
static int edit_times(
    struct event_session *s, struct request *request, struct err *err)
{
    const int64_t length = s->end.ms - s->start.ms;
    const char *text;
    int rc = 0;

    if (is_given(request, "start")) {
        rc = args_need(&text, request->args, "start", 40, err);
        if (rc == 0)
            rc = when_parse(&s->start, text, clock_wall(), err);
        s->end.ms = s->start.ms + length;
    }
    if (rc == 0 && is_given(request, "end"))
        rc = read_end(&s->end, s->start, request, err);
    return rc;
}

static int edit_words(
    struct event_session *s, const struct request *request, struct err *err)
{
    struct event_session typed = {.title = ""};
    int rc = read_texts(&typed, request, err);

    if (rc < 0)
        return rc;
    if (is_given(request, "title"))
        s->title = typed.title;
    if (is_given(request, "place"))
        s->place = typed.place;
    if (is_given(request, "online_link"))
        s->online_link = typed.online_link;
    if (is_given(request, "person"))
        s->person = typed.person;
    if (is_given(request, "phone"))
        s->phone = typed.phone;
    return check_place(s, err);
}

static int edit_places(struct event_session *s, const struct sessions_one *one,
    struct request *request, struct err *err)
{
    int rc = 0;

    if (is_given(request, "capacity"))
        rc = read_places(&s->capacity, request, "capacity", err);
    if (rc == 0 && is_given(request, "creche"))
        rc = read_places(&s->creche, request, "creche", err);
    request->next = "moveup session doorlist NO shows who has a place";
    if (rc == 0 && ((s->capacity != 0 && s->capacity < one->taken) ||
                       s->creche < one->creche_taken))
        rc = err_set(err, ERR_STATE,
            "%u places and %u of the crèche are taken already", one->taken,
            one->creche_taken);
    return rc;
}

static int edit(struct event_session *s, const struct sessions_one *one,
    char interpreters[80], struct request *request, struct err *err)
{
    int rc = 0;

    *s = *one->is;
    s->note = "";
    request->next = "moveup session list shows which are still to come";
    if (s->status == SESSION_CANCELLED || s->start.ms <= clock_wall().ms)
        return err_set(err, ERR_STATE, "that session is over or cancelled");
    if (is_given(request, "type"))
        rc = read_type(&s->type, request, err);
    if (rc == 0)
        rc = edit_times(s, request, err);
    if (rc == 0)
        rc = edit_words(s, request, err);
    if (rc == 0)
        rc = edit_places(s, one, request, err);
    if (rc == 0 && is_given(request, "interpreters")) {
        rc = read_interpreters(interpreters, request, err);
        s->interpreters = interpreters;
    }
    s->step_free |= args_flag(request->args, "step_free");
    s->learning_linked |= args_flag(request->args, "learning_linked");
    return rc < 0 ? rc : check_words(request, s, err);
}

int arrange_edit(json_t **result, struct request *request, struct err *err)
{
    SCOPED(sessionbook_close)
    struct sessionbook book = SESSIONBOOK_EMPTY;
    struct sessions_one *one = NULL;
    struct event_session session;
    char interpreters[80];
    int rc = sessionbook_open_at(&one, &book, request, err);

    if (rc == 0)
        rc = edit(&session, one, interpreters, request, err);
    if (rc < 0)
        return rc;
    request->next = "";
    rc = store(result, &book, request, &session, "session.edit", err);
    return rc < 0 ? rc : add_tell(*result, request, err);
}
