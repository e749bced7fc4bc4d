#include "agentd/asks.h"

#include <stdio.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/blob.h"
#include "agentd/requests.h"
#include "agentd/roll.h"
#include "base/err.h"
#include "store/asked.h"

#define MAX_ANSWER 300
#define DUE_DAYS 7
#define MS_A_DAY ((int64_t)24 * 3600 * 1000)

/* --- requests that come from receipts ---------------------------------------
 */

struct noting {
    struct agent *agent;
    const struct laestab *school;
    enum reason reason;
    struct err *err;
};

static bool is_for_people(enum reason reason)
{
    return reason != REASON_MISSING && reason != REASON_OLD_REVISION &&
           reason != REASON_REPLAY && reason != REASON_EQUIVOCATION;
}

static int note_one(void *arg, const struct leavers_row *row)
{
    struct noting *n = arg;
    const wall now = clock_wall();
    const struct asked asked = {
        .school = *n->school,
        .leaver = row->id,
        .revision = row->sent_revision,
        .kind = n->reason == REASON_NOT_OURS ? ASKED_NOT_OURS : ASKED_REFUSED,
        .reason = n->reason,
        .at = now,
        .due = {now.ms + DUE_DAYS * MS_A_DAY},
    };

    return asked_add(n->agent->db, &asked, n->err);
}

int asks_note(struct agent *agent, const struct laestab *school,
    const struct leavers_range *range, enum reason reason, struct err *err)
{
    struct noting n = {agent, school, reason, err};

    return is_for_people(reason)
               ? leavers_each_sent(agent->db, range, note_one, &n, err)
               : 0;
}

/* --- inbox and answer -------------------------------------------------------
 */

struct listing {
    struct agent *agent;
    json_t *list;
    json_t *pupils; /* by leavers_row.id */
};

static const char *text_of(const struct asked *asked)
{
    return asked->kind == ASKED_NOT_OURS
               ? "This school does not expect this child"
               : reason_sentence(asked->reason);
}

static const char *next_of(const struct asked *asked)
{
    return asked->kind == ASKED_NOT_OURS
               ? "Ask the family or the other school where the child goes, "
                 "then: moveup dest set UPN --to LAESTAB, or: moveup recall "
                 "UPN --reason TEXT"
               : reason_next_step(asked->reason);
}

static int add_request(void *arg, const struct asked *asked)
{
    struct listing *l = arg;
    char id[24];
    json_t *one;

    snprintf(id, sizeof id, "%lld", (long long)asked->id);
    one = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:o}", "id", id,
        "from", asked->school.text, "name",
        agent_school_name(l->agent, &asked->school), "upn", "", "kind",
        asked_kind_name(asked->kind), "reason", reason_code(asked->reason),
        "text", text_of(asked), "next", next_of(asked), "at",
        args_time(asked->at.ms), "due", args_time(asked->due.ms));
    snprintf(id, sizeof id, "%lld", (long long)asked->leaver);
    json_object_update(one, json_object_get(l->pupils, id));
    json_array_append_new(l->list, one);
    return 0;
}

static int add_pupil(
    void *arg, const struct leavers_row *row, const struct leaver *leaver)
{
    json_t *pupils = arg;
    char id[24];

    snprintf(id, sizeof id, "%lld", (long long)row->id);
    json_object_set_new(pupils, id, roll_pupil_json(leaver));
    return 0;
}

int asks_list(json_t **result, struct request *request, struct err *err)
{
    struct listing l = {request->agent, json_array(), json_object()};
    const struct laestab any = {""};
    int rc = roll_each(request->agent, &any, add_pupil, l.pupils, err);

    *result = json_pack("{s:o}", "requests", l.list);
    if (rc == 0)
        rc = asked_each_open(request->agent->db, add_request, &l, err);
    json_decref(l.pupils);
    return rc;
}

int asks_answer(json_t **result, struct request *request, struct err *err)
{
    SCOPED(buf_free) struct buf sealed = BUF_EMPTY;
    struct agent *agent = request->agent;
    const char *text;
    int64_t id;
    int rc = args_number(&id, request->args, "id", 1, INT64_MAX, err);

    if (rc == 0)
        rc = args_need(&text, request->args, "text", MAX_ANSWER, err);
    if (rc == 0)
        rc = blob_seal(&sealed, agent, BLOB_ASKED, id, bytes_of(text), err);
    if (rc == 0)
        rc = db_begin(agent->db, err);
    if (rc == 0)
        rc = asked_close(agent->db, id, clock_wall(), request->actor.login,
            buf_bytes(&sealed), err);
    if (rc == ERR_NOT_FOUND) {
        request->next = "moveup inbox shows the open requests";
        return err_set(err, rc, "no request with that number is open");
    }
    if (rc == 0)
        rc = requests_audit(request, "answer", NULL, 0, "", err);
    if (rc == 0)
        rc = db_commit(agent->db, err);
    if (rc < 0)
        return rc;
    *result = json_pack("{s:{s:I}}", "closed", "id", (json_int_t)id);
    return 0;
}
