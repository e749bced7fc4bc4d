/*
 * actions - what somebody owes a family: promises, questions, follow-ups, each
 * with an owner and a day, until it is done or dropped with a reason.
 *
 * A safeguarding concern is shown to the safeguarding lead only.
 */
#include "agentd/actions.h"

#include <stdio.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/keydates.h"
#include "base/err.h"
#include "outreach/bands.h"
#include "record/codes.h"
#include "store/happenings.h"

#define USUAL_DAYS 5
#define MAX_NUMBER ((int64_t)1 << 53)

static const char *const KINDS[] = {"", "question", "concern", "compliment",
    "correction", "request", "complaint", "promise", "follow-up"};
#define KIND_COUNT (sizeof KINDS / sizeof KINDS[0])
static const char *const OWNERS[] = {
    "tutor", "senco", "dsl", "lead", "office", "primary"};

enum item_kind_of actions_parse_kind(const char *word)
{
    for (unsigned i = 1; i < KIND_COUNT; i++)
        if (strcmp(KINDS[i], word) == 0)
            return (enum item_kind_of)i;
    return 0;
}

static bool is_shown(const struct request *request, const struct event_item *i)
{
    const bool safeguarding =
        i->kind == ITEM_OF_CONCERN || strcmp(i->owner, "dsl") == 0;

    return !safeguarding || (request->actor.roles & DESK_SAFEGUARDING) != 0;
}

/* What became of it; NULL: it is open. */
static const struct event *ending_of(
    const struct casework_file *file, uint64_t item)
{
    for (size_t i = 0; i < file->event_count; i++)
        if (file->events[i].kind == EVENT_ITEM_DONE &&
            file->events[i].u.item_done.item == item)
            return &file->events[i];
    return NULL;
}

static const char *state_of(const struct event_item *item,
    const struct event *ending, struct date today)
{
    if (ending != NULL)
        return ending->u.item_done.dropped ? "dropped" : "done";
    return date_is_set(item->due) && date_compare(item->due, today) < 0
               ? "late"
               : "open";
}

static json_t *item_json(const struct request *request,
    const struct casework_file *file, const struct event *event)
{
    const struct event_item *item = &event->u.item;
    const struct event *ending = ending_of(file, item->item);
    const wall now = request->agent->casework->now;
    char due[DATE_TEXT_SIZE];
    char id[24];
    bool withheld = false;

    snprintf(id, sizeof id, "%lld", (long long)file->family);
    return json_pack("{s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:b}", "action",
        (json_int_t)item->item, "case", id, "kind", KINDS[item->kind], "state",
        state_of(item, ending, date_today(now)), "owner", item->owner, "due",
        date_format(item->due, due), "theme", item->theme, "text",
        desk_shown(file, item->text, &withheld), "outcome",
        ending == NULL ? ""
                       : desk_shown(file, ending->u.item_done.text, &withheld),
        "since", args_time(event->at.ms), "withheld", withheld);
}

json_t *actions_open(
    const struct request *request, const struct casework_file *file)
{
    json_t *list = json_array();

    for (size_t i = 0; i < file->event_count; i++) {
        const struct event *event = &file->events[i];

        if (event->kind == EVENT_ITEM && is_shown(request, &event->u.item) &&
            ending_of(file, event->u.item.item) == NULL)
            json_array_append_new(list, item_json(request, file, event));
    }
    return list;
}

int actions_list(json_t **result, struct request *request, struct err *err)
{
    const bool all = args_flag(request->args, "all");
    const char *owner;
    json_t *list = json_array();
    int rc = args_text(&owner, request->args, "owner", 32, err);

    *result = json_pack("{s:o}", "actions", list);
    if (rc == 0)
        rc = casework_refresh(request->agent, err);
    if (rc == 0)
        rc = requests_audit(request, "actions", NULL, 0, "", err);
    for (size_t i = 0; rc == 0 && i < request->agent->casework->count; i++) {
        const struct casework_file *file = request->agent->casework->files[i];

        for (size_t j = 0; j < file->event_count; j++) {
            const struct event *event = &file->events[j];
            const struct event_item *item = &event->u.item;

            if (event->kind == EVENT_ITEM && is_shown(request, item) &&
                (all || ending_of(file, item->item) == NULL) &&
                (owner[0] == '\0' || strcmp(owner, item->owner) == 0))
                json_array_append_new(list, item_json(request, file, event));
        }
    }
    return rc;
}

/* --- add --- */

/* A role's word, or somebody of the staff. */
int actions_check_owner(
    struct request *request, const char *owner, struct err *err)
{
    struct staff staff;
    int rc;

    for (size_t i = 0; i < sizeof OWNERS / sizeof OWNERS[0]; i++)
        if (strcmp(OWNERS[i], owner) == 0)
            return 0;
    rc = people_find(&staff, request->agent->db, owner, err);
    if (rc == ERR_NOT_FOUND || (rc == 0 && !staff.active)) {
        request->next = "Owners: a login of moveup staff list, or tutor, "
                        "senco, dsl, lead, office, primary";
        return err_set(err, ERR_USAGE, "nobody here is called that");
    }
    return rc;
}

int actions_read_due(
    struct date *out, const struct request *request, struct err *err)
{
    const char *due;
    int rc = args_text(&due, request->args, "due", 10, err);

    *out = keydates_due(request->agent, USUAL_DAYS);
    return rc < 0 || due[0] == '\0' ? rc : date_parse(out, due, err);
}

static int read_item(
    struct event_item *out, struct request *request, struct err *err)
{
    const json_t *args = request->args;
    const char *kind;
    int rc = args_need(&kind, args, "kind", 16, err);

    if (rc == 0)
        rc = args_need(&out->text, args, "text", 500, err);
    if (rc == 0)
        rc = args_text(&out->theme, args, "theme", 40, err);
    if (rc == 0)
        rc = args_need(&out->owner, args, "owner", 32, err);
    if (rc < 0)
        return rc;
    out->kind = actions_parse_kind(kind);
    if (out->kind == 0)
        return err_set(err, ERR_USAGE,
            "kinds: question, concern, compliment, correction, request, "
            "complaint, promise, follow-up");
    rc = actions_read_due(&out->due, request, err);
    return rc < 0 ? rc : actions_check_owner(request, out->owner, err);
}

int actions_put(struct request *request, struct event *event, struct err *err)
{
    int64_t id = 0;
    int rc = happenings_next_id(request->agent->db, &id, err);

    event->kind = EVENT_ITEM;
    event->u.item.item = (uint64_t)id;
    return rc < 0 ? rc : desk_add(request, event, err);
}

#define INTERPRETER "INTERPRETER" /* the theme */

static bool is_booking(
    const struct casework_file *file, const struct event *event)
{
    return event->kind == EVENT_ITEM &&
           strcmp(event->u.item.theme, INTERPRETER) == 0 &&
           ending_of(file, event->u.item.item) == NULL;
}

int actions_book_interpreter(struct request *request,
    const struct casework_file *file, const char *language, struct err *err)
{
    char text[120];
    struct event event = {.family = file->family,
        .u.item = {.kind = ITEM_OF_FOLLOW_UP,
            .theme = INTERPRETER,
            .text = text,
            .owner = "office",
            .due = keydates_due(request->agent, 1)}};
    int rc;

    for (size_t i = 0; i < file->event_count; i++)
        if (is_booking(file, &file->events[i]))
            return 0;
    snprintf(text, sizeof text,
        "Book an interpreter (%s), or give the family to a colleague who "
        "speaks it",
        language[0] == '\0' ? "ask which language"
                            : codes_describe(CODES_LANGUAGE, language));
    rc = actions_put(request, &event, err);
    return rc < 0 ? rc : 1;
}

int actions_add(json_t **result, struct request *request, struct err *err)
{
    struct casework_file *file = NULL;
    struct event event = {.kind = EVENT_ITEM};
    struct db *db = request->agent->db;
    int rc = desk_case(&file, request, err);

    if (rc == 0)
        rc = read_item(&event.u.item, request, err);
    if (rc == 0)
        rc = db_begin(db, err);
    if (rc < 0)
        return rc;
    event.family = file->family;
    rc = actions_put(request, &event, err);
    if (rc == 0)
        rc =
            requests_audit(request, "actions.add", NULL, event.family, "", err);
    if (rc == 0)
        rc = db_commit(db, err);
    if (rc == 0)
        *result =
            json_pack("{s:o}", "action", item_json(request, file, &event));
    return rc;
}

/* --- done, drop --- */

static const struct event *find_item(
    struct casework_file **file, const struct request *request, uint64_t number)
{
    const struct casework *c = request->agent->casework;

    for (size_t i = 0; i < c->count; i++)
        for (size_t j = 0; j < c->files[i]->event_count; j++) {
            const struct event *event = &c->files[i]->events[j];

            *file = c->files[i];
            if (event->kind == EVENT_ITEM && event->u.item.item == number &&
                is_shown(request, &event->u.item))
                return event;
        }
    return NULL;
}

int actions_end(json_t **result, struct request *request, struct err *err)
{
    struct event event = {.kind = EVENT_ITEM_DONE};
    struct event_item_done *done = &event.u.item_done;
    struct casework_file *file = NULL;
    const struct event *item = NULL;
    int64_t number = 0;
    int rc = args_number(&number, request->args, "action", 1, MAX_NUMBER, err);

    done->item = (uint64_t)number;
    done->dropped = args_flag(request->args, "drop");
    if (rc == 0 && done->dropped)
        rc = args_need(&done->text, request->args, "text", 500, err);
    else if (rc == 0)
        rc = args_text(&done->text, request->args, "text", 500, err);
    if (rc == 0)
        rc = casework_refresh(request->agent, err);
    if (rc < 0)
        return rc;
    request->next = "moveup actions shows what is open";
    item = find_item(&file, request, done->item);
    if (item == NULL)
        return err_set(err, ERR_NOT_FOUND, "there is no action of that number");
    if (ending_of(file, done->item) != NULL)
        return err_set(err, ERR_EXISTS, "that is done or dropped already");
    event.family = file->family;
    rc = desk_store(request, &event, "actions.end", err);
    if (rc == 0)
        item = find_item(&file, request, (uint64_t)number);
    if (rc == 0 && item != NULL)
        *result = json_pack("{s:o}", "action", item_json(request, file, item));
    return rc;
}
