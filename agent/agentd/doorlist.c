/*
 * doorlist - who is expected at a session, and who came.
 *
 * The sheet has only those with a place, so never two adults who may not meet.
 * Whoever did not come gets a follow-up that the lead finds among the actions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/keydates.h"
#include "agentd/sessionbook.h"
#include "base/err.h"
#include "store/happenings.h"

#define FOLLOW_UP_DAYS 3

static int by_name(const void *a, const void *b)
{
    const struct reach_person *x =
        (*(const struct sessions_party *const *)a)->person;
    const struct reach_person *y =
        (*(const struct sessions_party *const *)b)->person;
    const int order =
        strcmp(x->seen->contact->surname, y->seen->contact->surname);

    return order != 0 ? order : (x->n > y->n) - (x->n < y->n);
}

int doorlist_show(json_t **result, struct request *request, struct err *err)
{
    SCOPED(sessionbook_close)
    struct sessionbook book = SESSIONBOOK_EMPTY;
    struct sessions_one *one = NULL;
    const struct sessions_party **sheet;
    json_t *list = json_array();
    size_t count = 0;
    char detail[24];
    int rc = sessionbook_open_at(&one, &book, request, err);

    *result = json_pack("{s:o}", "expected", list);
    if (rc < 0)
        return rc;
    sheet = arena_take(&book.arena, (one->party_count + 1) * sizeof(sheet[0]));
    for (size_t i = 0; i < one->party_count; i++)
        if (sessions_has_place(&one->parties[i]))
            sheet[count++] = &one->parties[i];
    qsort(sheet, count, sizeof(sheet[0]), by_name);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(
            list, sessionbook_party_json(request->agent, sheet[i]));
    json_object_set_new(*result, "session", sessionbook_json(one));
    snprintf(detail, sizeof detail, "session %u", one->is->session);
    return requests_audit(request, "session.doorlist", NULL, 0, detail, err);
}

/* --- mark --- */

/* Who is marked, from one element of args "marks". */
struct mark {
    int64_t family;
    uint32_t contact; /* 0: whoever of the family has a place */
    bool attended;
};

static int read_mark(struct mark *out, const json_t *one, struct err *err)
{
    const char *text;
    char *end;
    int64_t contact = 0;
    int rc = args_need(&text, one, "case", 20, err);

    if (rc < 0)
        return rc;
    out->family = strtoll(text, &end, 10);
    if (*end != '\0' || out->family < 1)
        return err_set(err, ERR_USAGE, "a case is a number, like 118");
    if (json_object_get(one, "contact") != NULL)
        rc = args_number(&contact, one, "contact", 1, UINT32_MAX, err);
    out->contact = (uint32_t)contact;
    out->attended = args_flag(one, "attended");
    return rc;
}

/* Whom the mark is about: it must be somebody of this session. */
static const struct sessions_party *marked_party(
    const struct sessions_one *one, const struct mark *mark)
{
    const struct sessions_party *found = NULL;

    for (size_t i = 0; i < one->party_count; i++) {
        const struct sessions_party *p = &one->parties[i];

        if (p->family->family != mark->family || p->apart ||
            (mark->contact != 0 && p->person->n != mark->contact))
            continue;
        if (found == NULL ||
            (sessions_has_place(p) && !sessions_has_place(found)))
            found = p;
    }
    return found;
}

static int follow_up(struct request *request, const struct sessions_one *one,
    const struct sessions_party *party, struct err *err)
{
    char text[120];
    int64_t id;
    struct event event = {.family = party->family->family, .kind = EVENT_ITEM};
    int rc = happenings_next_id(request->agent->db, &id, err);

    snprintf(text, sizeof text,
        "Did not come to session %u: ring, ask why, offer another.",
        one->is->session);
    event.u.item = (struct event_item){.item = (uint64_t)id,
        .kind = ITEM_OF_FOLLOW_UP,
        .theme = "SESSION",
        .text = text,
        .owner = "lead",
        .due = keydates_due(request->agent, FOLLOW_UP_DAYS)};
    return rc < 0 ? rc : desk_add(request, &event, err);
}

static int add_mark(struct request *request, const struct sessions_one *one,
    const struct sessions_party *party, bool attended, struct err *err)
{
    struct event event = {.family = party->family->family,
        .kind = EVENT_ATTENDANCE,
        .u.attendance = {.session = one->is->session,
            .record = party->person->record,
            .contact = party->person->contact,
            .attended = attended,
            .guests = attended ? party->guests : 0}};
    int rc;

    if (party->marked && party->attended == attended)
        return 0;
    rc = desk_add(request, &event, err);
    if (rc == 0 && !attended && sessions_has_place(party) && !party->marked)
        rc = follow_up(request, one, party, err);
    return rc;
}

static int mark_listed(
    struct request *request, struct sessions_one *one, struct err *err)
{
    const json_t *marks = json_object_get(request->args, "marks");
    json_t *value;
    size_t i;
    int rc = 0;

    json_array_foreach(marks, i, value)
    {
        struct mark mark;
        const struct sessions_party *party;

        rc = read_mark(&mark, value, err);
        if (rc < 0)
            return rc;
        party = marked_party(one, &mark);
        if (party == NULL) {
            request->next = "moveup invite CASE --session N first, then mark";
            return err_set(err, ERR_NOT_FOUND,
                "case %lld is not on the list of this session",
                (long long)mark.family);
        }
        rc = add_mark(request, one, party, mark.attended, err);
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* Everybody with a place who is neither marked nor in this request. */
static int mark_rest(
    struct request *request, struct sessions_one *one, struct err *err)
{
    const json_t *marks = json_object_get(request->args, "marks");
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < one->party_count; i++) {
        const struct sessions_party *p = &one->parties[i];
        bool listed = p->marked || !sessions_has_place(p);
        json_t *value;
        size_t j;

        json_array_foreach(marks, j, value)
        {
            struct mark mark;

            rc = read_mark(&mark, value, err);
            listed |= rc < 0 || marked_party(one, &mark) == p;
        }
        if (!listed)
            rc = add_mark(request, one, p, false, err);
    }
    return rc;
}

static json_t *missed_json(
    const struct agent *agent, const struct sessions_one *one)
{
    json_t *list = json_array();

    for (size_t i = 0; i < one->party_count; i++)
        if (sessions_missed(&one->parties[i]))
            json_array_append_new(
                list, sessionbook_party_json(agent, &one->parties[i]));
    return list;
}

int doorlist_mark(json_t **result, struct request *request, struct err *err)
{
    SCOPED(sessionbook_close)
    struct sessionbook book = SESSIONBOOK_EMPTY;
    struct db *db = request->agent->db;
    struct sessions_one *one = NULL;
    char detail[24];
    int rc = sessionbook_open_at(&one, &book, request, err);

    if (rc < 0)
        return rc;
    if (one->is->status == SESSION_CANCELLED)
        return err_set(err, ERR_DENIED, "that session is cancelled");
    snprintf(detail, sizeof detail, "session %u", one->is->session);
    rc = db_begin(db, err);
    if (rc == 0)
        rc = mark_listed(request, one, err);
    if (rc == 0 && args_flag(request->args, "rest_absent"))
        rc = mark_rest(request, one, err);
    if (rc == 0)
        rc = requests_audit(request, "session.mark", NULL, 0, detail, err);
    if (rc == 0)
        rc = db_commit(db, err);
    if (rc == 0)
        rc = sessionbook_open(&book, request, err);
    if (rc < 0)
        return rc;
    one = sessions_find(
        &book.sessions, (uint32_t)json_integer_value(
                            json_object_get(request->args, "session")));
    *result = json_pack("{s:o,s:o}", "session", sessionbook_json(one), "missed",
        missed_json(request->agent, one));
    return 0;
}
