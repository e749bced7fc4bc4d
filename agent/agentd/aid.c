#include "agentd/aid.h"

#include <stdio.h>
#include <string.h>

#include "agentd/args.h"
#include "base/err.h"
#include "outreach/services.h"

static const char *const RESULTS[] = {
    "", "none-needed", "in-place", "new", "declined", "not-asked"};
#define RESULT_COUNT (sizeof RESULTS / sizeof RESULTS[0])

const char *aid_result_name(enum support_result result)
{
    return RESULTS[result];
}

int aid_read_check(struct event_support *out, struct request *request,
    const char *key, struct err *err)
{
    const json_t *args = request->args;
    const char *word;
    unsigned result = 1;
    int rc = args_need(&word, args, key, 16, err);

    if (rc == 0)
        rc = args_text(&out->needs, args, "needs", 200, err);
    if (rc == 0)
        rc = args_text(&out->professional, args, "professional", 80, err);
    if (rc == 0)
        rc = args_text(&out->note, args, "support_note", 500, err);
    if (rc < 0)
        return rc;
    while (result < RESULT_COUNT && strcmp(RESULTS[result], word) != 0)
        result++;
    if (result == RESULT_COUNT)
        return err_set(err, ERR_USAGE,
            "results: none-needed, in-place, new, declined, not-asked");
    out->result = (enum support_result)result;
    out->assessment = args_flag(args, "assessment");
    if (out->result == SUPPORT_NEW && out->needs[0] == '\0')
        return err_set(err, ERR_USAGE, "say which needs are new: --needs");
    return 0;
}

const struct event *aid_check_of(
    const struct casework_file *file, const struct casework_pupil *pupil)
{
    const struct event *newest = NULL;

    for (size_t i = 0; i < file->event_count; i++)
        if (file->events[i].kind == EVENT_SUPPORT &&
            file->events[i].pupil == pupil->row.id)
            newest = &file->events[i];
    return newest;
}

static json_t *about(
    const struct casework_file *file, const struct casework_pupil *pupil)
{
    char id[24];

    snprintf(id, sizeof id, "%lld", (long long)file->family);
    return json_pack("{s:s,s:o,s:b}", "case", id, "pupil",
        desk_child_json(pupil), "contacted", file->state.contacted_at.ms != 0);
}

json_t *aid_check_json(const struct casework_file *file,
    const struct casework_pupil *pupil, const struct event *check)
{
    const struct event_support *s = check == NULL ? NULL : &check->u.support;
    json_t *one = about(file, pupil);
    bool withheld = false;

    json_object_set_new(
        one, "result", json_string(s == NULL ? "" : RESULTS[s->result]));
    json_object_set_new(one, "needs", args_string(s == NULL ? "" : s->needs));
    json_object_set_new(one, "professional",
        args_string(
            s == NULL ? "" : desk_shown(file, s->professional, &withheld)));
    json_object_set_new(one, "note",
        args_string(s == NULL ? "" : desk_shown(file, s->note, &withheld)));
    json_object_set_new(
        one, "at", s == NULL ? json_null() : args_time(check->at.ms));
    json_object_set_new(one, "by", args_string(s == NULL ? "" : check->login));
    return one;
}

json_t *aid_referral_json(const struct casework_file *file,
    const struct casework_pupil *pupil, const struct event *referral)
{
    const struct event_referral *r = &referral->u.referral;
    json_t *one = about(file, pupil);
    bool withheld = false;

    json_object_set_new(one, "referral", json_integer(r->referral));
    json_object_set_new(one, "service", args_string(r->service));
    json_object_set_new(
        one, "service_text", args_string(services_text(r->service)));
    json_object_set_new(
        one, "consent", json_string(services_consent_name(r->consent)));
    json_object_set_new(
        one, "state", json_string(services_state_name(r->state)));
    json_object_set_new(one, "since", args_time(referral->at.ms));
    json_object_set_new(one, "by", args_string(referral->login));
    json_object_set_new(
        one, "note", args_string(desk_shown(file, r->note, &withheld)));
    return one;
}

/* The newest word on this referral. */
static bool is_newest(const struct casework_file *file, size_t at)
{
    for (size_t i = at + 1; i < file->event_count; i++)
        if (file->events[i].kind == EVENT_REFERRAL &&
            file->events[i].u.referral.referral ==
                file->events[at].u.referral.referral)
            return false;
    return true;
}

void aid_add_referrals(json_t *list, const struct casework_file *file,
    const struct casework_pupil *pupil, bool all)
{
    for (size_t i = 0; i < file->event_count; i++) {
        const struct event *e = &file->events[i];

        if (e->kind == EVENT_REFERRAL && e->pupil == pupil->row.id &&
            is_newest(file, i) &&
            (all || services_is_waiting(e->u.referral.state)))
            json_array_append_new(list, aid_referral_json(file, pupil, e));
    }
}
