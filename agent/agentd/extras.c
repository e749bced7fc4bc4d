#include "agentd/extras.h"

#include "agentd/actions.h"
#include "agentd/agent.h"
#include "agentd/aid.h"
#include "agentd/args.h"
#include "agentd/invited.h"
#include "store/told.h"

/* null, or {"name","told_parent","told_primary"} */
static json_t *tutor_json(
    const struct request *request, const struct casework_file *file, size_t i)
{
    const struct state_pupil *pupil = &file->state.pupils[i];
    struct told told = {.tutor = 0};
    const int rc =
        told_find(&told, request->agent->db, file->pupils[i]->row.id, NULL);

    if (pupil->tutor == NULL)
        return json_null();
    return json_pack("{s:s,s:b,s:b}", "name", pupil->tutor->u.tutor.name,
        "told_parent", pupil->told_tutor_at.ms != 0, "told_primary",
        rc == 0 && told.tutor == pupil->tutor->id);
}

static void add_to_pupils(json_t *card, const struct request *request,
    const struct casework_file *file)
{
    json_t *pupils = json_object_get(card, "pupils");
    bool withheld = false;

    for (size_t i = 0; i < file->state.pupil_count; i++) {
        json_t *one = json_array_get(pupils, i);

        json_object_set_new(one, "tutor", tutor_json(request, file, i));
        json_object_set_new(one, "say_name",
            args_string(
                desk_shown(file, file->pupils[i]->leaver.say_name, &withheld)));
    }
}

static json_t *support_json(const struct casework_file *file)
{
    json_t *list = json_array();

    for (size_t i = 0; i < file->pupil_count; i++)
        aid_add_referrals(list, file, file->pupils[i], false);
    return list;
}

static bool is_answered(const struct casework_file *file, uint64_t request)
{
    for (size_t i = 0; i < file->event_count; i++)
        if (file->events[i].kind == EVENT_ANSWER &&
            file->events[i].u.answer.request == request)
            return true;
    return false;
}

/* [{"kind","due"}]: what the primary has not answered yet. */
static json_t *asked_json(const struct casework_file *file)
{
    json_t *list = json_array();

    for (size_t i = 0; i < file->event_count; i++) {
        const struct event_request *r = &file->events[i].u.request;
        char due[DATE_TEXT_SIZE];

        if (file->events[i].kind == EVENT_REQUEST &&
            !is_answered(file, r->request))
            json_array_append_new(list,
                json_pack("{s:s,s:s}", "kind", event_request_name(r->kind),
                    "due", date_format(r->due, due)));
    }
    return list;
}

void extras_add(json_t *card, const struct request *request,
    const struct casework_file *file)
{
    add_to_pupils(card, request, file);
    json_object_set_new(card, "actions", actions_open(request, file));
    json_object_set_new(card, "asked", asked_json(file));
    invited_add(card, request, file);
    if ((request->actor.roles & DESK_SUPPORT) != 0)
        json_object_set_new(card, "support_open", support_json(file));
}
