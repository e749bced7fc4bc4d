/*
 * support - the support check (what each child needs, asked of every family)
 * and what follows from it: referrals to services, with the family's consent.
 *
 * Checks may be noted by whoever rings; what was found and who was asked to
 * help is for those who may see it (DESK_SUPPORT).  None of it is told to the
 * primary.
 */
#include <stdio.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/aid.h"
#include "agentd/args.h"
#include "base/err.h"
#include "outreach/services.h"
#include "store/happenings.h"

#define MAX_NUMBER ((int64_t)1 << 31)

/* One child and what is noted of it. */
struct noting {
    struct casework_file *file;
    const struct casework_pupil *pupil;
    struct event event;
};

static int store(struct noting *n, struct request *request, const char *action,
    struct err *err)
{
    struct db *db = request->agent->db;
    struct tag tag;
    int rc = 0;

    agent_upn_tag(&tag, request->agent, n->pupil->leaver.upn);
    n->event.family = n->file->family;
    n->event.pupil = n->pupil->row.id;
    rc = desk_add(request, &n->event, err);
    if (rc == 0)
        rc = requests_audit(request, action, &tag, n->file->family, "", err);
    return rc < 0 ? rc : db_commit(db, err);
}

int support_check(json_t **result, struct request *request, struct err *err)
{
    struct noting n = {.event = {.kind = EVENT_SUPPORT}};
    int rc = desk_child(&n.file, &n.pupil, request, err);

    if (rc == 0)
        rc = aid_read_check(&n.event.u.support, request, "result", err);
    if (rc == 0)
        rc = db_begin(request->agent->db, err);
    if (rc == 0)
        rc = store(&n, request, "support.check", err);
    if (rc == 0)
        *result = json_pack("{s:o,s:s,s:s}", "pupil", desk_child_json(n.pupil),
            "result", aid_result_name(n.event.u.support.result), "needs",
            n.event.u.support.needs);
    return rc;
}

/* --- referrals --- */

static int read_referral(
    struct event_referral *out, struct request *request, struct err *err)
{
    const char *service;
    const char *consent;
    char all[240];
    int rc = args_need(&service, request->args, "service", 24, err);

    if (rc == 0)
        rc = args_need(&consent, request->args, "consent", 16, err);
    if (rc == 0)
        rc = args_text(&out->note, request->args, "note", 500, err);
    if (rc < 0)
        return rc;
    out->service = services_code(service);
    out->consent = services_consent_parse(consent);
    if (out->service == NULL)
        return err_set(err, ERR_USAGE, "services: %s", services_all(all));
    if (out->consent == 0)
        return err_set(err, ERR_USAGE, "consent: given, refused or not-needed");
    /* Without consent nobody is asked; that it was refused is kept. */
    out->state =
        out->consent == CONSENT_REFUSED ? REFERRAL_NOT_TAKEN_UP : REFERRAL_MADE;
    return 0;
}

int support_refer(json_t **result, struct request *request, struct err *err)
{
    struct noting n = {.event = {.kind = EVENT_REFERRAL}};
    int64_t id = 0;
    int rc = desk_child(&n.file, &n.pupil, request, err);

    if (rc == 0)
        rc = read_referral(&n.event.u.referral, request, err);
    if (rc == 0)
        rc = db_begin(request->agent->db, err);
    if (rc == 0)
        rc = happenings_next_id(request->agent->db, &id, err);
    if (rc < 0)
        return rc;
    n.event.u.referral.referral = (uint32_t)id;
    rc = store(&n, request, "support.refer", err);
    if (rc == 0)
        *result = json_pack(
            "{s:o}", "referral", aid_referral_json(n.file, n.pupil, &n.event));
    return rc;
}

/* The newest word on the referral with that number. */
static const struct event *find_referral(
    struct noting *n, const struct casework *c, uint32_t number)
{
    const struct event *found = NULL;

    for (size_t i = 0; found == NULL && i < c->count; i++)
        for (size_t j = 0; j < c->files[i]->event_count; j++) {
            const struct event *e = &c->files[i]->events[j];

            if (e->kind != EVENT_REFERRAL || e->u.referral.referral != number)
                continue;
            n->file = c->files[i];
            n->pupil = casework_pupil(n->file, e->pupil);
            found = e;
        }
    return n->pupil == NULL ? NULL : found;
}

static int read_state(
    struct event_referral *out, struct request *request, struct err *err)
{
    const char *word;
    int rc = args_need(&word, request->args, "state", 16, err);

    if (rc == 0)
        rc = args_text(&out->note, request->args, "note", 500, err);
    if (rc < 0)
        return rc;
    out->state = services_state_parse(word);
    if (out->state <= REFERRAL_MADE)
        return err_set(
            err, ERR_USAGE, "states: accepted, started, not-taken-up, closed");
    if (out->consent == CONSENT_REFUSED)
        return err_set(err, ERR_STATE,
            "the family did not agree; if it does now, refer anew");
    return 0;
}

int support_state(json_t **result, struct request *request, struct err *err)
{
    struct noting n = {.event = {.kind = EVENT_REFERRAL}};
    struct agent *agent = request->agent;
    const struct event *before;
    int64_t number = 0;
    int rc =
        args_number(&number, request->args, "referral", 1, MAX_NUMBER, err);

    if (rc == 0)
        rc = casework_refresh(agent, err);
    if (rc < 0)
        return rc;
    before = find_referral(&n, agent->casework, (uint32_t)number);
    request->next = "moveup support shows the referrals";
    if (before == NULL)
        return err_set(
            err, ERR_NOT_FOUND, "there is no referral of that number");
    n.event.u.referral = before->u.referral;
    rc = read_state(&n.event.u.referral, request, err);
    if (rc == 0)
        rc = db_begin(agent->db, err);
    if (rc == 0)
        rc = store(&n, request, "support.state", err);
    if (rc == 0)
        *result = json_pack(
            "{s:o}", "referral", aid_referral_json(n.file, n.pupil, &n.event));
    return rc;
}

/* --- the list --- */

static bool is_done_with(const struct casework_file *file)
{
    return file->pupil_count == 0 || file->state.code <= STATE_STARTED;
}

/* Checks without a result are shown of children whose place is open. */
static void add_checks(json_t *list, const struct casework_file *file, bool all)
{
    for (size_t i = 0; i < file->pupil_count; i++) {
        const struct event *check = aid_check_of(file, file->pupils[i]);

        if (all || check == NULL ||
            check->u.support.result == SUPPORT_NOT_ASKED)
            json_array_append_new(
                list, aid_check_json(file, file->pupils[i], check));
    }
}

int support_list(json_t **result, struct request *request, struct err *err)
{
    const bool all = !args_flag(request->args, "open");
    const struct casework *c = request->agent->casework;
    json_t *checks = json_array();
    json_t *referrals = json_array();
    int rc = casework_refresh(request->agent, err);

    *result = json_pack("{s:o,s:o}", "checks", checks, "referrals", referrals);
    for (size_t i = 0; rc == 0 && i < c->count; i++) {
        const struct casework_file *file = c->files[i];

        if (is_done_with(file))
            continue;
        add_checks(checks, file, all);
        for (size_t j = 0; j < file->pupil_count; j++)
            aid_add_referrals(referrals, file, file->pupils[j], all);
    }
    return rc < 0 ? rc : requests_audit(request, "support", NULL, 0, "", err);
}
