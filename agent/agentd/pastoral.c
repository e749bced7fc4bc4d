/*
 * pastoral - who will be a child's tutor, and the support check: what each
 * child needs, asked of every family.
 *
 * Support is for those who may see it (DESK_SUPPORT); the tutor's name is for
 * everybody who rings.
 */
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/card.h"
#include "base/err.h"

static const char *const RESULTS[] = {
    "", "none-needed", "in-place", "new", "declined", "not-asked"};
#define RESULT_COUNT (sizeof RESULTS / sizeof RESULTS[0])

static int find_pupil(struct casework_file **file,
    const struct casework_pupil **pupil, struct request *request,
    struct err *err)
{
    const char *upn;
    int rc = args_upn(&upn, request->args, "upn", err);
    const struct casework *c = request->agent->casework;

    if (rc == 0)
        rc = casework_refresh(request->agent, err);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < c->count; i++)
        for (size_t j = 0; j < c->files[i]->pupil_count; j++)
            if (strcmp(c->files[i]->pupils[j]->leaver.upn, upn) == 0) {
                *file = c->files[i];
                *pupil = c->files[i]->pupils[j];
                return 0;
            }
    request->next = "moveup list --all --json shows every child's UPN";
    return err_set(err, ERR_NOT_FOUND, "no record with that UPN is here");
}

static int store(struct request *request, const struct casework_file *file,
    const struct casework_pupil *pupil, struct event *event, const char *action,
    struct err *err)
{
    struct db *db = request->agent->db;
    struct tag tag;
    int rc = db_begin(db, err);

    agent_upn_tag(&tag, request->agent, pupil->leaver.upn);
    event->family = file->family;
    event->pupil = pupil->row.id;
    if (rc == 0)
        rc = desk_add(request, event, err);
    if (rc == 0)
        rc = requests_audit(request, action, &tag, file->family, "", err);
    return rc < 0 ? rc : db_commit(db, err);
}

static json_t *child_json(const struct casework_pupil *pupil)
{
    return json_pack("{s:s,s:s,s:s}", "upn", pupil->leaver.upn, "surname",
        leaver_known_surname(&pupil->leaver), "forename",
        leaver_known_forename(&pupil->leaver));
}

int pastoral_tutor(json_t **result, struct request *request, struct err *err)
{
    struct casework_file *file = NULL;
    const struct casework_pupil *pupil = NULL;
    struct event event = {.kind = EVENT_TUTOR};
    struct event_tutor *tutor = &event.u.tutor;
    int rc = find_pupil(&file, &pupil, request, err);

    if (rc == 0)
        rc = args_need(&tutor->name, request->args, "name", 80, err);
    if (rc == 0)
        rc = args_text(&tutor->staff, request->args, "staff", 32, err);
    if (rc < 0)
        return rc;
    tutor->told_parent = args_flag(request->args, "told_parent");
    rc = store(request, file, pupil, &event, "tutor.set", err);
    if (rc == 0)
        *result = json_pack("{s:o,s:s,s:b}", "pupil", child_json(pupil),
            "tutor", tutor->name, "told_parent", tutor->told_parent);
    return rc;
}

static int read_check(
    struct event_support *out, struct request *request, struct err *err)
{
    const json_t *args = request->args;
    const char *word;
    unsigned result = 1;
    int rc = args_need(&word, args, "result", 16, err);

    if (rc == 0)
        rc = args_text(&out->needs, args, "needs", 200, err);
    if (rc == 0)
        rc = args_text(&out->professional, args, "professional", 80, err);
    if (rc == 0)
        rc = args_text(&out->note, args, "note", 500, err);
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

int pastoral_check(json_t **result, struct request *request, struct err *err)
{
    struct casework_file *file = NULL;
    const struct casework_pupil *pupil = NULL;
    struct event event = {.kind = EVENT_SUPPORT};
    int rc = find_pupil(&file, &pupil, request, err);

    if (rc == 0)
        rc = read_check(&event.u.support, request, err);
    if (rc == 0)
        rc = store(request, file, pupil, &event, "support.check", err);
    if (rc == 0)
        *result = json_pack("{s:o,s:s,s:s}", "pupil", child_json(pupil),
            "result", RESULTS[event.u.support.result], "needs",
            event.u.support.needs);
    return rc;
}
