#include "agentd/plea.h"

#include <stdio.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/blob.h"
#include "agentd/desk.h"
#include "agentd/keydates.h"
#include "agentd/post.h"
#include "agentd/sender.h"
#include "base/err.h"
#include "store/inbox.h"

#define NUMBER_BITS 52 /* a JSON number that every program reads exactly */

/* Drawn by lot: a restored database must not use a number again. */
static uint64_t draw_number(void)
{
    struct id id;
    uint64_t number = 0;

    id_new(&id);
    for (size_t i = 0; i < 8; i++)
        number = number << 8 | id.bytes[i];
    return (number >> (64 - NUMBER_BITS)) | 1;
}

static const struct casework_pupil *pupil_of(
    const struct casework_file *file, int64_t record)
{
    const struct casework_pupil *pupil = casework_pupil(file, record);

    return pupil != NULL ? pupil : file->pupils[0];
}

static const struct event *find_answer(
    const struct casework_file *file, uint64_t request)
{
    for (size_t i = 0; i < file->event_count; i++)
        if (file->events[i].kind == EVENT_ANSWER &&
            file->events[i].u.answer.request == request)
            return &file->events[i];
    return NULL;
}

/* --- asking ----------------------------------------------------------------
 */

/* The number that the primary knows this value under; 0: it is not its own, and
 * then it is nobody's business where it came from. */
static uint32_t point_of(const struct reach_person *person, const char *value)
{
    for (size_t i = 0; person != NULL && i < person->seen->point_count; i++) {
        const struct leaver_point *p = person->seen->points[i];

        if (value[0] != '\0' &&
            (strcmp(p->dial, value) == 0 || strcmp(p->raw, value) == 0))
            return p->number;
    }
    return 0;
}

static struct batch_item item_of(
    const struct event *event, const struct casework_pupil *pupil)
{
    const struct event_request *r = &event->u.request;

    return (struct batch_item){.kind = ITEM_REQUEST,
        .u.request = {
            .request = r->request,
            .upn = pupil->leaver.upn,
            .revision = pupil->row.revision,
            .kind = r->kind,
            .contact = r->contact,
            .point = r->point,
            .text = r->kind == REQUEST_QUESTION ? r->text : "",
            .due = r->due,
        }};
}

static int send(struct agent *agent, const struct laestab *to,
    struct batch_item *item, struct err *err)
{
    uint64_t first;
    int64_t stream;

    return sender_append(agent, &first, &stream, to, LANE_NORMAL, item, 1, err);
}

static bool cannot_be_sealed(int rc)
{
    return rc == ERR_DENIED || rc == ERR_NOT_FOUND || rc == ERR_CERTIFICATE;
}

/* Store the event with a number and a day by which it is due, and send it. */
static int make(struct agent *agent, const struct casework_file *file,
    struct event *event, struct err *err)
{
    const struct casework_pupil *pupil =
        pupil_of(file, event->u.request.record);
    struct event_request *r = &event->u.request;
    struct batch_item item;
    int rc;

    if (pupil->row.revision == 0)
        return err_set(err, ERR_NOT_FOUND,
            "the primary school has sent no record of that child yet");
    event->kind = EVENT_REQUEST;
    event->family = file->family;
    event->at = clock_wall();
    r->record = pupil->row.id;
    r->request = draw_number();
    r->due = keydates_due(agent, PLEA_DUE_DAYS);
    rc = casework_add(agent, event, err);
    item = item_of(event, pupil);
    return rc < 0 ? rc : send(agent, &pupil->row.author, &item, err);
}

/* The same was asked, and there is no answer yet. */
static const struct event *asked_already(
    const struct casework_file *file, const struct event_request *wish)
{
    for (size_t i = 0; i < file->event_count; i++) {
        const struct event_request *r = &file->events[i].u.request;

        if (file->events[i].kind == EVENT_REQUEST && r->kind == wish->kind &&
            (r->kind != REQUEST_NOT_OURS || r->record == wish->record) &&
            strcmp(r->value, wish->value) == 0 &&
            strcmp(r->text, wish->text) == 0 &&
            (r->kind != REQUEST_QUESTION || r->contact == wish->contact) &&
            find_answer(file, r->request) == NULL)
            return &file->events[i];
    }
    return NULL;
}

int plea_after(struct agent *agent, const struct casework_file *file,
    const struct event *attempt, struct err *err)
{
    const struct event_attempt *a = &attempt->u.attempt;
    const struct reach_person *person = reach_who(&file->reach,
        file->reach_pupils, file->pupil_count, a->record, a->contact);
    struct event event = {.login = attempt->login};
    struct event_request *r = &event.u.request;
    struct err why = {.text = ""};
    int rc;

    if (outcome_row(a->outcome)->point == POINT_AS_IS || person == NULL)
        return 0;
    *r = (struct event_request){.kind = REQUEST_WRONG_NUMBER,
        .record = person->record,
        .contact = person->contact,
        .point = point_of(person, a->value),
        .value = a->value,
        .field = "",
        .text = ""};
    if (r->point == 0 || asked_already(file, r) != NULL)
        return 0;
    rc = make(agent, file, &event, &why);
    if (cannot_be_sealed(rc)) {
        log_line(&agent->log, LOG_WARN, "the primary cannot be asked",
            "reason=\"%s\"", why.text);
        return 0;
    }
    return rc < 0 ? err_set(err, why.code, "%s", why.text) : 1;
}

int plea_question(struct agent *agent, const struct casework_file *file,
    int64_t record, uint32_t contact, const char *login, const char *text,
    struct err *err)
{
    struct event event = {.login = login};
    struct err why = {.text = ""};
    int rc;

    event.u.request = (struct event_request){.kind = REQUEST_QUESTION,
        .record = record,
        .contact = contact,
        .value = "",
        .field = "",
        .text = text};
    if (asked_already(file, &event.u.request) != NULL)
        return 0;
    rc = make(agent, file, &event, &why);
    if (cannot_be_sealed(rc))
        return 0;
    return rc < 0 ? err_set(err, why.code, "%s", why.text) : 1;
}

/* --- the command -----------------------------------------------------------
 */

struct wish {
    struct request *request;
    struct casework_file *file;
    const struct reach_person *person;
    struct event event;
};

static int choose_person(struct wish *w, struct err *err)
{
    const json_t *args = w->request->args;
    int64_t n = 0;
    int rc = 0;

    if (json_object_get(args, "contact") != NULL)
        rc = args_number(&n, args, "contact", 1, 3299, err);
    if (rc < 0)
        return rc;
    if (n != 0)
        w->person = reach_person(&w->file->reach, (uint32_t)n);
    else if (w->file->reach.count > 0)
        w->person = &w->file->reach.people[0];
    w->request->next = "moveup card CASE shows the contacts and their numbers";
    return w->person != NULL || n == 0
               ? 0
               : err_set(err, ERR_NOT_FOUND, "there is no contact %d to show",
                     (int)n);
}

static int wish_wrong(struct wish *w, struct err *err)
{
    struct event_request *r = &w->event.u.request;
    const struct reach_point *point = NULL;
    int64_t number;
    int rc =
        args_number(&number, w->request->args, "wrong_number", 1, 1000, err);

    if (rc < 0)
        return rc;
    if (w->person != NULL)
        point = reach_point(w->person, (uint32_t)number);
    if (point == NULL)
        return err_set(
            err, ERR_NOT_FOUND, "that contact has no number %d", (int)number);
    r->kind = REQUEST_WRONG_NUMBER;
    r->value = point->value;
    r->point = point_of(w->person, point->value);
    if (r->point == 0)
        return err_set(err, ERR_STATE,
            "that number did not come from the primary school: it has no "
            "other to give for it");
    return 0;
}

/* The child whom the secondary does not expect; the lead says so. */
static int wish_not_ours(struct wish *w, struct err *err)
{
    struct request *request = w->request;
    const struct casework_pupil *pupil = w->file->pupils[0];
    const char *upn;
    int rc = args_text(&upn, request->args, "child", 16, err);

    if (rc < 0)
        return rc;
    if ((request->actor.roles & (ROLE_LEAD | ROLE_ADMIN)) == 0) {
        request->next = "Ask your transition lead";
        return err_set(err, ERR_DENIED, "this needs one of the roles lead");
    }
    request->next = "moveup card CASE shows the children and their UPNs";
    if (upn[0] == '\0' && w->file->pupil_count > 1)
        return err_set(err, ERR_USAGE,
            "say which of the children is not yours: --child UPN");
    for (size_t i = 0; upn[0] != '\0' && i < w->file->pupil_count; i++)
        if (strcmp(w->file->pupils[i]->leaver.upn, upn) == 0)
            pupil = w->file->pupils[i];
    if (upn[0] != '\0' && strcmp(pupil->leaver.upn, upn) != 0)
        return err_set(
            err, ERR_NOT_FOUND, "no child of this case has that UPN");
    w->event.u.request.kind = REQUEST_NOT_OURS;
    w->event.u.request.record = pupil->row.id;
    return 0;
}

static int read_wish(struct wish *w, struct err *err)
{
    const json_t *args = w->request->args;
    struct event_request *r = &w->event.u.request;
    const bool wrong = json_object_get(args, "wrong_number") != NULL;
    const bool help = args_flag(args, "help_reach");
    const bool not_ours = args_flag(args, "not_ours");
    int rc = args_text(&r->text, args, "question", BATCH_MAX_ASK, err);

    r->value = r->field = "";
    if (rc < 0)
        return rc;
    if (wrong + help + not_ours + (r->text[0] != '\0') != 1)
        return err_set(err, ERR_USAGE,
            "say what to ask: --wrong-number POINT, --help-reach, --question "
            "TEXT or --not-ours");
    if (not_ours)
        return wish_not_ours(w, err);
    rc = choose_person(w, err);
    if (rc < 0)
        return rc;
    if (w->person != NULL && !(r->text[0] != '\0')) {
        r->record = w->person->record;
        r->contact = w->person->contact;
    }
    r->kind = help ? REQUEST_HELP_REACH : REQUEST_QUESTION;
    return wrong ? wish_wrong(w, err) : 0;
}

/* From now on nobody dials it, whatever the answer is. */
static int mark_wrong(struct wish *w, struct err *err)
{
    const struct event_request *r = &w->event.u.request;
    const struct reach_point *point = NULL;
    struct event event = {.kind = EVENT_POINT, .family = w->file->family};

    for (size_t i = 0; i < w->person->point_count; i++)
        if (strcmp(w->person->points[i].value, r->value) == 0)
            point = &w->person->points[i];
    if (point == NULL || !reach_usable(point))
        return 0;
    event.u.point = (struct event_point){.record = w->person->record,
        .contact = w->person->contact,
        .kind = point->kind,
        .value = r->value,
        .status = POINT_WRONG,
        .source = SOURCE_PARENT,
        .note = ""};
    return desk_add(w->request, &event, err);
}

/* Nobody rings this family before the primary has answered. */
static int wait_for_the_primary(struct wish *w, struct err *err)
{
    struct event event = {.kind = EVENT_REVIEW, .family = w->file->family};

    if (w->event.u.request.kind != REQUEST_NOT_OURS ||
        w->file->pupil_count > 1 || w->file->state.review != NULL)
        return 0;
    event.u.review = (struct event_review){
        REVIEW_ACTION, w->request->actor.login, PLEA_NOT_OURS};
    return desk_add(w->request, &event, err);
}

static json_t *asked_json(const struct wish *w)
{
    const struct event_request *r = &w->event.u.request;
    const struct casework_pupil *pupil = pupil_of(w->file, r->record);
    char id[24];
    char due[DATE_TEXT_SIZE];

    snprintf(id, sizeof id, "%lld", (long long)w->file->family);
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "case", id, "kind",
        event_request_name(r->kind), "to", pupil->row.author.text, "name",
        agent_school_name(w->request->agent, &pupil->row.author), "upn",
        pupil->leaver.upn, "due", date_format(r->due, due));
}

int plea_ask(json_t **result, struct request *request, struct err *err)
{
    struct wish w = {.request = request};
    struct agent *agent = request->agent;
    const struct event *before;
    int rc = desk_case(&w.file, request, err);

    if (rc == 0)
        rc = read_wish(&w, err);
    if (rc < 0)
        return rc;
    before = asked_already(w.file, &w.event.u.request);
    if (before != NULL) {
        char due[DATE_TEXT_SIZE];

        request->next = "Ring the primary school if it is late";
        return err_set(err, ERR_EXISTS,
            "the primary school was asked that already; the answer is due %s",
            date_format(before->u.request.due, due));
    }
    request->next = "Ring the primary school: it cannot be reached through the "
                    "cluster now";
    w.event.login = request->actor.login;
    rc = db_begin(agent->db, err);
    if (rc == 0 && w.event.u.request.kind == REQUEST_WRONG_NUMBER)
        rc = mark_wrong(&w, err);
    if (rc == 0)
        rc = wait_for_the_primary(&w, err);
    if (rc == 0)
        rc = make(agent, w.file, &w.event, err);
    if (rc == 0)
        rc = requests_audit(request, "ask", NULL, w.file->family, "", err);
    if (rc == 0)
        rc = db_commit(agent->db, err);
    if (rc < 0)
        return rc;
    post_kick(agent->post);
    *result = json_pack("{s:o}", "asked", asked_json(&w));
    return 0;
}

/* --- again -----------------------------------------------------------------
 */

int plea_repeat(
    struct agent *agent, const struct laestab *peer, struct err *err)
{
    struct casework *c = agent->casework;
    int rc = casework_refresh(agent, err);

    for (size_t i = 0; i < c->count; i++) {
        const struct casework_file *file = c->files[i];

        for (size_t j = 0; rc == 0 && j < file->event_count; j++) {
            const struct event *e = &file->events[j];
            const struct casework_pupil *pupil;
            struct batch_item item;

            if (e->kind != EVENT_REQUEST || file->pupil_count == 0 ||
                find_answer(file, e->u.request.request) != NULL)
                continue;
            pupil = pupil_of(file, e->u.request.record);
            item = item_of(e, pupil);
            if (laestab_equal(&pupil->row.author, peer))
                rc = send(agent, peer, &item, err);
        }
    }
    return rc;
}

int plea_follow(
    struct agent *agent, const struct laestab *heir, struct err *err)
{
    struct err why = {.text = ""};
    const int rc = plea_repeat(agent, heir, &why);

    if (rc == 0 || cannot_be_sealed(rc))
        return 0;
    *err = why;
    return rc;
}
