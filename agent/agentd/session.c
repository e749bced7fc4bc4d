/*
 * session - the information sessions: making, publishing and cancelling them,
 * the list, a calendar file, and which families have none that they can make.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/leaver_json.h"
#include "agentd/sessionbook.h"
#include "base/err.h"
#include "outreach/apart.h"
#include "outreach/calendar.h"
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

static int read_words(
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
    if (rc == 0 && out->place[0] == '\0' && out->online_link[0] == '\0')
        rc = err_set(err, ERR_USAGE, "say where it is: --place, or --online");
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

int session_add(json_t **result, struct request *request, struct err *err)
{
    SCOPED(sessionbook_close)
    struct sessionbook book = SESSIONBOOK_EMPTY;
    struct event_session session = {.status = SESSION_DRAFT, .note = ""};
    char interpreters[80];
    int rc = read_type(&session.type, request, err);

    if (rc == 0)
        rc = read_times(&session, request, err);
    if (rc == 0)
        rc = read_words(&session, request, err);
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
    int rc = sessionbook_open(&book, request, err);

    if (rc == 0)
        rc = sessionbook_session(&one, &book, request, err);
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

int session_publish(json_t **result, struct request *request, struct err *err)
{
    return set_status(
        result, request, SESSION_PUBLISHED, "session.publish", err);
}

/* Whoever said that they come has to be told. */
int session_cancel(json_t **result, struct request *request, struct err *err)
{
    SCOPED(sessionbook_close)
    struct sessionbook book = SESSIONBOOK_EMPTY;
    struct sessions_one *one = NULL;
    json_t *tell = json_array();
    int rc =
        set_status(result, request, SESSION_CANCELLED, "session.cancel", err);

    if (rc == 0)
        rc = sessionbook_open(&book, request, err);
    if (rc == 0)
        rc = sessionbook_session(&one, &book, request, err);
    for (size_t i = 0; rc == 0 && i < one->party_count; i++) {
        const struct sessions_party *p = &one->parties[i];

        if (!p->apart && p->rsvp != RSVP_NO && p->rsvp != RSVP_CANCELLED)
            json_array_append_new(
                tell, sessionbook_party_json(request->agent, p));
    }
    if (rc == 0)
        json_object_set(*result, "tell", tell);
    json_decref(tell);
    return rc;
}

/* --- list, calendar --- */

int session_list(json_t **result, struct request *request, struct err *err)
{
    SCOPED(sessionbook_close)
    struct sessionbook book = SESSIONBOOK_EMPTY;
    json_t *list = json_array();
    const bool all = args_flag(request->args, "all");
    int rc = sessionbook_open(&book, request, err);

    *result = json_pack("{s:o}", "sessions", list);
    for (size_t i = 0; rc == 0 && i < book.sessions.count; i++)
        if (all || book.sessions.list[i].is->status != SESSION_CANCELLED)
            json_array_append_new(
                list, sessionbook_json(&book.sessions.list[i]));
    if (rc == 0)
        rc = requests_audit(request, "session.list", NULL, 0, "", err);
    return rc;
}

int session_ics(json_t **result, struct request *request, struct err *err)
{
    SCOPED(sessionbook_close)
    struct sessionbook book = SESSIONBOOK_EMPTY;
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    const struct identity *me = request->agent->identity;
    struct sessions_one *one = NULL;
    int rc = sessionbook_open(&book, request, err);

    if (rc == 0)
        rc = sessionbook_session(&one, &book, request, err);
    if (rc < 0)
        return rc;
    calendar_write(&file, one->is,
        &(struct calendar_about){
            me->name, me->laestab.text, one->changes, clock_wall()});
    *result = json_pack("{s:o,s:s%}", "session", sessionbook_json(one), "ics",
        (const char *)file.data, file.len);
    return 0;
}

/* --- fit --- */

static json_t *reasons_json(unsigned why)
{
    json_t *list = json_array();

    for (unsigned bit = 1; bit <= FITTING_LAST; bit <<= 1)
        if ((why & bit) != 0)
            json_array_append_new(
                list, json_string(fitting_name((enum fitting)bit)));
    return list;
}

static json_t *unserved_json(const struct sessionbook *book,
    const struct sessions_family *family, const struct reach_person *person,
    wall now)
{
    json_t *list = json_array();
    char id[24];

    for (size_t i = 0; i < book->sessions.count; i++) {
        const struct sessions_one *one = &book->sessions.list[i];
        const unsigned why =
            fitting_of(&book->sessions, one, family, person, now);

        if ((why & FITTING_NOT_OPEN) == 0)
            json_array_append_new(list,
                json_pack("{s:I,s:o}", "session", (json_int_t)one->is->session,
                    "why", reasons_json(why)));
    }
    snprintf(id, sizeof id, "%lld", (long long)family->family);
    return json_pack("{s:s,s:I,s:o,s:s,s:o}", "case", id, "contact",
        (json_int_t)person->n, "name", leaver_json_name(person->seen->contact),
        "language", person->language, "sessions", list);
}

/* Adults with care or responsibility; one a family is enough unless two of them
 * may not meet. */
static size_t add_unserved(json_t *list, const struct sessionbook *book,
    const struct sessions_family *family, wall now)
{
    size_t added = 0;

    for (size_t i = 0; i < family->reach->count; i++) {
        const struct reach_person *person = &family->reach->people[i];

        if (person->counts == 0 ||
            fitting_served(&book->sessions, family, person, now))
            continue;
        if (added == 0 || apart_keep(family, person, &family->reach->people[0]))
            json_array_append_new(
                list, unserved_json(book, family, person, now));
        added++;
    }
    return added;
}

int session_fit(json_t **result, struct request *request, struct err *err)
{
    SCOPED(sessionbook_close)
    struct sessionbook book = SESSIONBOOK_EMPTY;
    json_t *list = json_array();
    json_int_t families = 0;
    json_int_t without = 0;
    int rc = sessionbook_open(&book, request, err);

    *result = json_pack("{s:o}", "without", list);
    for (size_t i = 0; rc == 0 && i < book.family_count; i++) {
        const struct casework_file *file = request->agent->casework->files[i];

        if (file->reach.count == 0 || file->state.code <= STATE_STARTED)
            continue;
        families++;
        without += add_unserved(list, &book, &book.families[i],
                       request->agent->casework->now) > 0;
    }
    json_object_set_new(*result, "families", json_integer(families));
    json_object_set_new(*result, "families_without", json_integer(without));
    if (rc == 0)
        rc = requests_audit(request, "session.fit", NULL, 0, "", err);
    return rc;
}
