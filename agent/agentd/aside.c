/* aside - quarantine: what was put aside, and what a person does about it. */
#include "agentd/aside.h"

#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/mail.h"
#include "agentd/post.h"
#include "agentd/requests.h"
#include "base/err.h"
#include "base/mem.h"
#include "crypto/cert.h"
#include "store/heldback.h"
#include "store/inbox.h"
#include "store/outbox.h"
#include "store/owed.h"
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

/* As if it had just come; within a transaction.  approved: by a person, though
 * its author was revoked since. */
static int take_again(struct agent *agent, const struct quarantine_row *row,
    bool approved, struct mail_debts *debts, struct err *err)
{
    struct mail_letter letter = {.sealed = row->sealed};
    int rc = envelope_decode(&letter.header, row->header, err);

    letter.envelope = row->envelope;
    if (rc == 0)
        rc = inbox_quarantine_drop(agent->db, row->id, err);
    if (rc == 0) /* told anew if it is put aside again */
        rc = owed_forget_refusal(agent->db, &row->author, &row->envelope, err);
    if (rc == 0)
        rc = approved ? mail_approve(agent, &letter, debts, err)
                      : mail_take(agent, &letter, debts, err);
    return rc < 0 ? rc : mail_settle(agent, debts, err);
}

int aside_again(struct agent *agent, const struct quarantine_row *row,
    struct mail_debts *debts, struct err *err)
{
    return take_again(agent, row, false, debts, err);
}

/* reason: why a person approves it; NULL: it is only tried. */
static int retry(json_t **result, struct request *request,
    const struct quarantine_row *row, const char *reason, struct err *err)
{
    struct agent *agent = request->agent;
    const bool approved = reason != NULL;
    struct mail_debts debts = {.count = 0};
    int rc;

    if (row->sealed.len == 0)
        return err_set(err, ERR_STATE,
            "its bytes are no longer kept; ask the sender to send it again");
    rc = db_begin(agent->db, err);
    if (rc == 0)
        rc = take_again(agent, row, approved, &debts, err);
    if (rc == 0)
        rc = requests_audit(request,
            approved ? "quarantine.approve" : "quarantine.retry", NULL, 0,
            approved ? reason : reason_code(row->reason), err);
    if (rc == 0)
        rc = db_commit(agent->db, err);
    if (rc < 0)
        return rc;
    mail_committed(agent, &debts);
    post_kick(agent->post);
    return aside_list(result, request, err);
}

/* Once more: after a new directory, or a record that was withdrawn at the other
 * school. */
int aside_retry(json_t **result, struct request *request, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct quarantine_row row;
    int rc = find(&row, request, &arena, err);

    return rc < 0 ? rc : retry(result, request, &row, NULL, err);
}

/* Whoever stole the keys of a school can write any date: a person asks. */
int aside_approve(json_t **result, struct request *request, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct quarantine_row row;
    const char *reason;
    int rc = args_need(&reason, request->args, "reason", 120, err);

    if (rc == 0)
        rc = find(&row, request, &arena, err);
    if (rc == 0 && row.reason != REASON_SIGNED_BEFORE) {
        request->next = "For all else: moveup quarantine retry";
        return err_set(err, ERR_STATE,
            "only what was signed before its sender was revoked is approved");
    }
    return rc < 0 ? rc : retry(result, request, &row, reason, err);
}

/* --- by itself ---
 */

struct belated {
    struct agent *agent;
    bool other_directory;
    wall now;
    int64_t *ids; /* newest first */
    size_t count;
};

static void belated_end(struct belated *belated)
{
    free(belated->ids);
}

/* Whether any of the author's certificates is valid at that time. */
static bool is_valid_at(
    const struct agent *agent, const struct laestab *author, wall when)
{
    const struct members *members = agent->identity->members;
    struct cert *cert;

    for (size_t i = 0; (cert = members_sign_cert(members, author, i)) != NULL;
         i++)
        if (cert_check_time(cert, when, NULL) == 0)
            return true;
    return false;
}

static bool is_belated(
    const struct belated *belated, const struct quarantine_row *row)
{
    const struct agent *agent = belated->agent;

    bool withdrawn;

    if (row->reason == REASON_UPN_CONFLICT)
        return heldback_withdrawn(
                   &withdrawn, agent->db, &row->envelope, row->at, NULL) == 0 &&
               withdrawn;
    if (row->reason == REASON_EXPIRED_CERTIFICATE)
        return is_valid_at(agent, &row->author, belated->now) &&
               (belated->other_directory ||
                   !is_valid_at(agent, &row->author, row->at));
    return belated->other_directory &&
           (row->reason == REASON_UNKNOWN_SENDER ||
               row->reason == REASON_SENDER_REVOKED);
}

static int note_belated(void *arg, const struct quarantine_row *row)
{
    struct belated *belated = arg;

    if (!is_belated(belated, row))
        return 0;
    belated->ids =
        mem_resize(belated->ids, belated->count + 1, sizeof belated->ids[0]);
    belated->ids[belated->count++] = row->id;
    return 0;
}

static int take_belated(struct agent *agent, int64_t id, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct mail_debts debts = {.count = 0};
    struct quarantine_row row;
    int rc = inbox_quarantine_find(&row, agent->db, id, &arena, err);

    if (rc < 0 || row.sealed.len == 0)
        return rc == ERR_NOT_FOUND ? 0 : rc;
    rc = db_begin(agent->db, err);
    if (rc == 0)
        rc = take_again(agent, &row, false, &debts, err);
    if (rc == 0)
        rc = db_commit(agent->db, err);
    if (rc < 0) {
        db_rollback(agent->db);
        return rc;
    }
    mail_committed(agent, &debts);
    return 0;
}

int aside_take_belated(
    struct agent *agent, bool other_directory, struct err *err)
{
    SCOPED(belated_end)
    struct belated belated = {.agent = agent,
        .other_directory = other_directory,
        .now = clock_wall()};
    int rc = inbox_quarantine_each(agent->db, note_belated, &belated, err);

    for (size_t i = belated.count; rc == 0 && i > 0; i--)
        rc = take_belated(agent, belated.ids[i - 1], err);
    return rc < 0 ? rc : (int)belated.count;
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
