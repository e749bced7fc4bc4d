#include "agentd/checklist.h"

#include <string.h>

#include "agentd/actions.h"
#include "agentd/agent.h"
#include "agentd/aid.h"
#include "agentd/args.h"
#include "agentd/plea.h"
#include "base/err.h"
#include "wire/batch.h"

/* --- reading --- */

static int read_question(
    struct checklist *out, struct request *request, struct err *err)
{
    int rc =
        args_text(&out->question, request->args, "ask", BATCH_MAX_ASK, err);

    request->next = "moveup log ... --for primary --ask \"...\": the school "
                    "sees these words and nothing else of the call";
    if (rc == 0 && out->question[0] == '\0')
        rc = err_set(err, ERR_USAGE, "say what the primary school is asked");
    return rc;
}

static int read_item(struct checklist *out, struct request *request,
    const struct event_attempt *attempt, const char *owner, struct err *err)
{
    struct event_item *item = &out->item;
    const char *kind;
    int rc = args_text(&kind, request->args, "kind", 16, err);

    if (rc == 0)
        rc = args_text(&item->theme, request->args, "theme", 40, err);
    if (rc == 0)
        rc = actions_read_due(&item->due, request, err);
    if (rc == 0)
        rc = actions_check_owner(request, owner, err);
    if (rc < 0)
        return rc;
    item->kind = kind[0] == '\0' ? ITEM_OF_QUESTION : actions_parse_kind(kind);
    item->owner = owner;
    item->text = attempt->said;
    request->next = "moveup help actions add says which kinds there are";
    if (item->kind == 0 || item->kind == ITEM_OF_CONCERN)
        return err_set(err, ERR_USAGE, "that is no kind of action");
    request->next = "moveup log ... --for tutor --said \"...\"";
    if (attempt->said[0] == '\0')
        return err_set(err, ERR_USAGE, "say what they said or asked: --said");
    return 0;
}

static int read_route(struct checklist *out, struct request *request,
    const struct event_attempt *attempt, struct err *err)
{
    const char *owner;
    int rc = args_text(&owner, request->args, "for", 32, err);

    if (rc < 0 || owner[0] == '\0')
        return rc;
    request->next = "moveup log ... --concern";
    if (attempt->concern || strcmp(owner, "dsl") == 0)
        return err_set(err, ERR_USAGE,
            "what is for the safeguarding lead goes there by --concern, and to "
            "nobody else");
    return strcmp(owner, "primary") == 0
               ? read_question(out, request, err)
               : read_item(out, request, attempt, owner, err);
}

int checklist_read(struct checklist *out, struct request *request,
    const struct event_attempt *attempt, struct err *err)
{
    int rc;

    *out = (struct checklist){.question = ""};
    rc = read_route(out, request, attempt, err);
    if (rc == 0 && json_object_get(request->args, "support") != NULL)
        rc = aid_read_check(&out->support, request, "support", err);
    out->tutor_told = args_flag(request->args, "tutor_told");
    if (rc == 0)
        request->next = "";
    return rc;
}

/* --- storing --- */

/* Told the name of the tutor, if there is one that they do not know. */
static int store_tutor(struct checklist *list, struct request *request,
    const struct casework_file *file, size_t place, struct err *err)
{
    const struct state_pupil *pupil = &file->state.pupils[place];
    struct event event = {.kind = EVENT_TUTOR, .family = file->family};

    if (pupil->tutor == NULL)
        return 0;
    list->tutors++;
    if (pupil->told_tutor_at.ms != 0)
        return 0;
    event.pupil = file->pupils[place]->row.id;
    event.u.tutor = pupil->tutor->u.tutor;
    event.u.tutor.told_parent = true;
    return desk_add(request, &event, err);
}

static int store_support(const struct checklist *list, struct request *request,
    const struct casework_file *file, size_t place, struct err *err)
{
    struct event event = {.kind = EVENT_SUPPORT,
        .family = file->family,
        .pupil = file->pupils[place]->row.id,
        .u.support = list->support};

    return desk_add(request, &event, err);
}

/* Of the children who may be spoken about with this person. */
static int store_children(struct checklist *list, struct request *request,
    const struct casework_file *file, const struct reach_person *person,
    struct err *err)
{
    int rc = 0;

    if (!list->tutor_told && list->support.result == 0)
        return 0;
    if (person == NULL)
        return err_set(err, ERR_USAGE, "say with whom: --contact N");
    for (size_t i = 0; rc == 0 && i < file->pupil_count; i++) {
        if ((person->pupils >> i & 1) == 0)
            continue;
        if (list->tutor_told)
            rc = store_tutor(list, request, file, i, err);
        if (rc == 0 && list->support.result != 0)
            rc = store_support(list, request, file, i, err);
    }
    request->next = "moveup tutor set UPN --name \"Ms Lund\"";
    if (rc == 0 && list->tutor_told && list->tutors == 0)
        return err_set(err, ERR_STATE, "no tutor is named for this family yet");
    return rc;
}

int checklist_store(struct checklist *list, struct request *request,
    const struct casework_file *file, const struct reach_person *person,
    struct err *err)
{
    struct event event = {.family = file->family, .u.item = list->item};
    int rc = store_children(list, request, file, person, err);

    if (rc == 0 && list->item.text != NULL)
        rc = actions_put(request, &event, err);
    if (rc == 0 && list->question[0] != '\0') {
        rc = plea_question(request->agent, file,
            person == NULL ? 0 : person->record, 0, request->actor.login,
            list->question, err);
        list->asked = rc > 0;
    }
    if (rc >= 0)
        request->next = "";
    return rc < 0 ? rc : 0;
}

json_t *checklist_json(const struct checklist *list)
{
    char due[DATE_TEXT_SIZE];
    const bool primary = list->question[0] != '\0';

    return json_pack("{s:s,s:s,s:b,s:b,s:s}", "for",
        primary                   ? "primary"
        : list->item.text != NULL ? list->item.owner
                                  : "",
        "due", list->item.text != NULL ? date_format(list->item.due, due) : "",
        "asked_primary", list->asked, "tutor_told", list->tutors > 0, "support",
        aid_result_name(list->support.result));
}
