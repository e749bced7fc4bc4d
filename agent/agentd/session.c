/*
 * session - the information sessions: the list, a calendar file, and which
 * families have none that they can make.
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
