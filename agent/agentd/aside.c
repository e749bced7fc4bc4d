/* aside - quarantine: what was put aside, and what a person does about it. */
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/mail.h"
#include "agentd/post.h"
#include "agentd/requests.h"
#include "base/err.h"
#include "store/inbox.h"
#include "wire/envelope.h"

static json_t *row_json(
    const struct agent *agent, const struct quarantine_row *row)
{
    char id[ID_TEXT_SIZE];

    return json_pack("{s:I,s:o,s:s,s:s,s:s,s:I,s:I,s:s,s:s,s:s,s:s,s:s,s:I}",
        "id", (json_int_t)row->id, "at", args_time(row->at.ms), "from",
        row->author.text, "name", agent_school_name(agent, &row->author),
        "lane", stream_lane_name(row->lane), "first", (json_int_t)row->first,
        "last", (json_int_t)row->last, "reason", reason_code(row->reason),
        "sentence", reason_sentence(row->reason), "next",
        reason_next_step(row->reason), "detail", row->detail, "envelope",
        id_format(&row->envelope, id), "size", (json_int_t)row->size);
}

struct listing {
    const struct agent *agent;
    json_t *list;
};

static int add_row(void *arg, const struct quarantine_row *row)
{
    struct listing *listing = arg;

    json_array_append_new(listing->list, row_json(listing->agent, row));
    return 0;
}

int aside_list(json_t **result, struct request *request, struct err *err)
{
    struct listing listing = {request->agent, json_array()};

    *result = json_pack("{s:o}", "quarantined", listing.list);
    return inbox_quarantine_each(request->agent->db, add_row, &listing, err);
}

static int find(struct quarantine_row *row, struct request *request,
    struct arena *arena, struct err *err)
{
    int64_t id;
    int rc = args_number(&id, request->args, "id", 1, INT64_MAX, err);

    request->next = "moveup quarantine list shows what is there";
    if (rc == 0)
        rc = inbox_quarantine_find(row, request->agent->db, id, arena, err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, rc, "nothing with that number is in quarantine");
    return rc;
}

int aside_show(json_t **result, struct request *request, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct quarantine_row row;
    int rc = find(&row, request, &arena, err);

    if (rc == 0)
        *result =
            json_pack("{s:o}", "quarantined", row_json(request->agent, &row));
    return rc;
}

/* Take the letter once more, as if it had just come: after a new directory, or
 * a record that was withdrawn at the other school. */
int aside_retry(json_t **result, struct request *request, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct agent *agent = request->agent;
    struct mail_debts debts = {.count = 0};
    struct mail_letter letter = {.sealed = {NULL, 0}};
    struct quarantine_row row;
    int rc = find(&row, request, &arena, err);

    if (rc < 0)
        return rc;
    if (row.sealed.len == 0)
        return err_set(err, ERR_STATE,
            "its bytes are no longer kept; ask the sender to send it again");
    rc = envelope_decode(&letter.header, row.header, err);
    letter.envelope = row.envelope;
    letter.sealed = row.sealed;
    if (rc == 0)
        rc = db_begin(agent->db, err);
    if (rc == 0)
        rc = inbox_quarantine_drop(agent->db, row.id, err);
    if (rc == 0)
        rc = mail_take(agent, &letter, &debts, err);
    if (rc == 0)
        rc = mail_settle(agent, &debts, err);
    if (rc == 0)
        rc = requests_audit(
            request, "quarantine.retry", NULL, 0, reason_code(row.reason), err);
    if (rc == 0)
        rc = db_commit(agent->db, err);
    if (rc < 0)
        return rc;
    mail_committed(agent, &debts);
    post_kick(agent->post);
    return aside_list(result, request, err);
}

int aside_drop(json_t **result, struct request *request, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct db *db = request->agent->db;
    struct quarantine_row row;
    const char *reason;
    int rc = args_need(&reason, request->args, "reason", 120, err);

    if (rc == 0)
        rc = find(&row, request, &arena, err);
    if (rc == 0)
        rc = db_begin(db, err);
    if (rc == 0)
        rc = inbox_quarantine_drop(db, row.id, err);
    if (rc == 0)
        rc = requests_audit(request, "quarantine.drop", NULL, 0, reason, err);
    if (rc == 0)
        rc = db_commit(db, err);
    if (rc == 0)
        *result = json_pack("{s:o}", "dropped", row_json(request->agent, &row));
    return rc;
}
