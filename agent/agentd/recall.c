#include "agentd/recall.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/blob.h"
#include "agentd/incarnation.h"
#include "agentd/post.h"
#include "agentd/requests.h"
#include "agentd/roll.h"
#include "agentd/sender.h"
#include "agentd/travel.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/asked.h"
#include "store/recalls.h"

/* A leaver that a person does something about. */
struct change {
    struct request *request;
    struct agent *agent;
    struct arena arena;
    struct leavers_row row;
    struct leaver leaver;
    const char *reason;     /* "" */
    struct laestab from;    /* the school that has the record, or "" */
    bool recalled, unasked; /* a tombstone went; none could be sealed */
};

static void change_end(struct change *change)
{
    arena_free(&change->arena);
}

static bool has_record(const struct change *change)
{
    return change->row.sent_revision > 0 && change->row.recalled_at.ms == 0;
}

/* Words that nobody but this school reads. */
static int seal_note(struct buf *out, struct change *change, int64_t id,
    const char *upn, struct err *err)
{
    json_t *note = json_pack("{s:s,s:s}", "upn", upn, "reason", change->reason);
    char *text = json_dumps(note, JSON_COMPACT);
    const int rc =
        blob_seal(out, change->agent, BLOB_RECALL, id, bytes_of(text), err);

    json_decref(note);
    explicit_bzero(text, strlen(text));
    free(text);
    return rc;
}

/* That a tombstone is on its way as this number; stream 0: none could be. */
static int note_recall(struct change *change, const struct batch_item *item,
    int64_t stream, uint64_t seq, struct err *err)
{
    SCOPED(buf_free) struct buf sealed = BUF_EMPTY;
    struct recall recall = {.leaver = change->row.id,
        .school = change->from,
        .revision = item->u.tombstone.revision,
        .kind = item->u.tombstone.kind,
        .stream = stream,
        .seq = seq,
        .at = clock_wall()};
    int rc = recalls_next_id(change->agent->db, &recall.id, err);

    agent_upn_tag(&recall.tag, change->agent, item->u.tombstone.upn);
    if (rc == 0)
        rc = seal_note(&sealed, change, recall.id, item->u.tombstone.upn, err);
    recall.sealed = buf_bytes(&sealed);
    return rc < 0 ? rc : recalls_put(change->agent->db, &recall, err);
}

/* Send the tombstone to the school that has the record.  If that school has
 * left the cluster nothing can be sealed to it: the child still goes on. */
static int send_tombstone(
    struct change *change, enum tombstone_kind kind, struct err *err)
{
    struct batch_item item = {.kind = ITEM_TOMBSTONE,
        .u.tombstone = {
            travel_known_upn(change->agent, &change->row, &change->leaver),
            change->row.revision, kind}};
    uint64_t seq = 0;
    int64_t stream = 0;
    int rc = sender_append(change->agent, &seq, &stream, &change->from,
        LANE_URGENT, &item, 1, err);

    if (kind == TOMBSTONE_MOVED &&
        (rc == ERR_DENIED || rc == ERR_NOT_FOUND || rc == ERR_CERTIFICATE)) {
        change->unasked = true;
        rc = 0;
    }
    change->recalled = rc == 0 && !change->unasked;
    if (rc == 0)
        rc = note_recall(change, &item, stream, seq, err);
    change->row.stream = stream;
    change->row.seq = seq;
    change->row.sent_revision = change->row.revision;
    return rc;
}

static int begin(struct change *change, const char *action, struct err *err)
{
    struct db *db = change->agent->db;
    int rc = db_begin(db, err);

    if (rc == 0)
        rc = requests_audit(
            change->request, action, &change->row.tag, 0, "", err);
    if (rc == 0)
        rc = asked_close_leaver(db, change->row.id, clock_wall(),
            change->request->actor.login, err);
    return rc;
}

static int find(struct change *change, const char **upn, struct err *err)
{
    const json_t *args = change->request->args;
    int rc = args_upn(upn, args, "upn", err);

    if (rc == 0)
        rc = args_text(&change->reason, args, "reason", RECALL_MAX_REASON, err);
    if (rc == 0)
        rc = roll_find(&change->row, &change->leaver, change->agent, *upn,
            &change->arena, err);
    change->from = change->row.destination;
    return rc;
}

/* --- recall ----------------------------------------------------------------
 */

static int check_recall(const struct change *change, struct err *err)
{
    if (change->row.recalled_at.ms != 0)
        return err_set(err, ERR_STATE, "this record was recalled already");
    if (change->row.sent_revision == 0)
        return err_set(err, ERR_STATE,
            "this record was not sent yet: there is nothing to recall");
    if (change->reason[0] == '\0')
        return err_set(err, ERR_USAGE, "say why: --reason TEXT");
    return 0;
}

int recall_leaver(json_t **result, struct request *request, struct err *err)
{
    SCOPED(change_end)
    struct change change = {.request = request, .agent = request->agent};
    const char *upn;
    int rc = find(&change, &upn, err);

    if (rc == 0)
        rc = check_recall(&change, err);
    request->next = "See where it stands: moveup leavers show UPN";
    if (rc == 0)
        rc = begin(&change, "recall", err);
    change.row.revision =
        incarnation_next_revision(change.agent, change.row.revision);
    if (rc == 0)
        rc = send_tombstone(&change, TOMBSTONE_RECALLED, err);
    change.row.recalled_at = clock_wall();
    if (rc == 0)
        rc = roll_store(change.agent, &change.row, &change.leaver, err);
    if (rc == 0)
        rc = db_commit(change.agent->db, err);
    if (rc < 0)
        return rc;
    post_kick(change.agent->post);
    *result = json_pack("{s:{s:s,s:s,s:s,s:I,s:o,s:n}}", "recalled", "upn", upn,
        "from", change.from.text, "name",
        agent_school_name(change.agent, &change.from), "revision",
        (json_int_t)change.row.revision, "at",
        args_time(change.row.recalled_at.ms), "confirmed_at");
    return 0;
}

/* --- dest set --------------------------------------------------------------
 */

static int check_redirect(
    struct change *change, const struct laestab *to, struct err *err)
{
    struct roll_problem problem;

    if (laestab_equal(&change->from, to) && change->row.recalled_at.ms == 0)
        return err_set(
            err, ERR_STATE, "that is where this leaver goes already");
    if (roll_blocked(&problem, change->agent, to))
        return err_set(err, ERR_DENIED, "%s", problem.sentence);
    change->leaver.destination = *to;
    return 0;
}

/* The row as if it had never been sent, for the new school. */
static void start_anew(struct leavers_row *row)
{
    row->typed = true;
    row->recalled_at = (wall){0};
    row->stream = 0;
    row->seq = row->sent_revision = row->read_revision = 0;
    row->read_at = (wall){0};
    row->read_role[0] = '\0';
    row->sent_as = (struct tag){{0}};
}

static int redirect(struct change *change, struct err *err)
{
    const bool was_sent = change->row.sent_revision > 0;
    int rc = 0;

    change->row.revision =
        incarnation_next_revision(change->agent, change->row.revision);
    if (has_record(change))
        rc = send_tombstone(change, TOMBSTONE_MOVED, err);
    start_anew(&change->row);
    if (rc == 0)
        rc = roll_store(change->agent, &change->row, &change->leaver, err);
    if (rc == 0 && was_sent)
        rc = sender_append_leaver(
            change->agent, LANE_URGENT, &change->row.tag, err);
    return rc;
}

int recall_redirect(json_t **result, struct request *request, struct err *err)
{
    SCOPED(change_end)
    struct change change = {.request = request, .agent = request->agent};
    struct laestab to;
    const char *upn;
    bool was_sent;
    int rc = args_school(&to, request->args, "to", err);

    if (rc == 0 && to.text[0] == '\0')
        rc = err_set(err, ERR_USAGE, "say where to: --to LAESTAB");
    if (rc == 0)
        rc = find(&change, &upn, err);
    if (rc == 0)
        rc = check_redirect(&change, &to, err);
    request->next = "moveup peers lists the schools of the cluster";
    was_sent = rc == 0 && change.row.sent_revision > 0;
    if (rc == 0)
        rc = begin(&change, "dest.set", err);
    if (rc == 0)
        rc = redirect(&change, err);
    if (rc == 0)
        rc = db_commit(change.agent->db, err);
    if (rc < 0)
        return rc;
    post_kick(change.agent->post);
    *result = json_pack("{s:{s:s,s:s,s:s,s:s,s:I,s:b,s:b,s:b}}", "moved", "upn",
        upn, "from", change.from.text, "to", to.text, "name",
        agent_school_name(change.agent, &to), "revision",
        (json_int_t)change.row.revision, "recalled", change.recalled,
        "not_recalled", change.unasked, "sent", was_sent);
    return 0;
}

/* --- confirmation and lists ------------------------------------------------
 */

/* It has destroyed what we believe to be there: a tombstone of ours arrived
 * that we forgot when our database went back.  The record is recalled, then,
 * and whoever looks at it sees that.  1: so it is. */
static int relearn(struct agent *agent, const struct laestab *school,
    const struct batch_item *item, struct err *err)
{
    SCOPED(change_end)
    struct change change = {
        .agent = agent, .from = *school, .reason = "sent before a restore"};
    const struct batch_item told = {.kind = ITEM_TOMBSTONE,
        .u.tombstone = {item->u.destroyed.upn, item->u.destroyed.revision,
            TOMBSTONE_RECALLED}};
    struct leavers_row *row = &change.row;
    int rc = roll_find(
        row, &change.leaver, agent, item->u.destroyed.upn, &change.arena, err);

    if (rc < 0)
        return rc == ERR_NOT_FOUND ? 0 : rc;
    if (!has_record(&change) || !laestab_equal(&row->destination, school) ||
        !incarnation_gave(agent, told.u.tombstone.revision) ||
        row->sent_revision > told.u.tombstone.revision)
        return 0;
    rc = note_recall(&change, &told, 0, 0, err);
    row->recalled_at = item->u.destroyed.at;
    if (row->revision < told.u.tombstone.revision)
        row->revision = told.u.tombstone.revision;
    if (rc == 0)
        rc = roll_store(agent, row, &change.leaver, err);
    if (rc == 0)
        log_line(&agent->log, LOG_WARN,
            "a record was recalled before this database went back", "school=%s",
            school->text);
    return rc < 0 ? rc : 1;
}

int recall_confirmed(struct agent *agent, const struct laestab *school,
    const struct batch_item *item, struct bytes signed_batch, struct err *err)
{
    struct recalls_proof proof = {.school = *school,
        .revision = item->u.destroyed.revision,
        .at = item->u.destroyed.at,
        .signed_batch = signed_batch};
    bool found = false;
    int rc;

    agent_upn_tag(&proof.tag, agent, item->u.destroyed.upn);
    rc = recalls_confirm(agent->db, &proof, &found, err);
    if (rc == 0 && !found) {
        rc = relearn(agent, school, item, err);
        if (rc > 0)
            rc = recalls_confirm(agent->db, &proof, &found, err);
    }
    if (rc == 0 && found)
        log_line(&agent->log, LOG_INFO, "a recall was confirmed", "school=%s",
            school->text);
    return rc;
}

struct describing {
    const struct agent *agent;
    json_t *list;
    wall newest; /* confirmation of the newest recall */
};

static int add_recall(void *arg, const struct recall *recall)
{
    struct describing *d = arg;

    d->newest = recall->confirmed_at;
    json_array_append_new(d->list,
        json_pack("{s:s,s:s,s:I,s:s,s:o,s:o,s:b}", "school",
            recall->school.text, "name",
            agent_school_name(d->agent, &recall->school), "revision",
            (json_int_t)recall->revision, "kind",
            recall->kind == TOMBSTONE_MOVED ? "moved" : "recalled", "at",
            args_time(recall->at.ms), "confirmed_at",
            args_time(recall->confirmed_at.ms), "sent", recall->stream != 0));
    return 0;
}

int recall_describe(json_t *one, struct agent *agent,
    const struct leavers_row *row, struct err *err)
{
    struct describing d = {agent, json_array(), {0}};
    int rc = 0;

    /* Without one of these marks no recall was ever stored. */
    if (row->typed || row->recalled_at.ms != 0)
        rc = recalls_each(agent->db, row->id, add_recall, &d, err);
    json_object_set_new(one, "recalls", d.list);
    json_object_set_new(one, "recall_confirmed_at", args_time(d.newest.ms));
    return rc;
}

/* --- snapshot --------------------------------------------------------------
 */

/* The tombstones for one peer, a batch at a time. */
struct repeating {
    struct agent *agent;
    const struct laestab *peer;
    struct err *err;
    struct arena arena;
    struct batch_item items[BATCH_MAX_ITEMS];
    size_t count;
};

static int flush(struct repeating *r)
{
    uint64_t first;
    int64_t stream;
    const size_t count = r->count;

    r->count = 0;
    return count == 0 ? 0
                      : sender_append(r->agent, &first, &stream, r->peer,
                            LANE_URGENT, r->items, count, r->err);
}

static int read_tombstone(struct batch_item *out, struct arena *arena,
    struct agent *agent, const struct recall *recall, struct err *err)
{
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    const char *upn;
    json_t *note;
    int rc = vault_unseal(
        &plain, agent->vault, BLOB_RECALL, recall->id, recall->sealed, err);

    if (rc < 0)
        return rc;
    note = json_loadb((const char *)plain.data, plain.len, 0, NULL);
    upn = json_string_value(json_object_get(note, "upn"));
    if (upn == NULL)
        return err_set(err, ERR_MALFORMED, "stored recall: no UPN");
    *out = (struct batch_item){.kind = ITEM_TOMBSTONE,
        .u.tombstone = {
            arena_text(arena, upn), recall->revision, recall->kind}};
    json_decref(note);
    return 0;
}

static int repeat_one(void *arg, const struct recall *recall)
{
    struct repeating *r = arg;
    int rc;

    if (!laestab_equal(&recall->school, r->peer))
        return 0;
    rc = read_tombstone(
        &r->items[r->count], &r->arena, r->agent, recall, r->err);
    r->count += rc == 0;
    return rc == 0 && r->count == BATCH_MAX_ITEMS ? flush(r) : rc;
}

int recall_repeat(
    struct agent *agent, const struct laestab *peer, struct err *err)
{
    struct repeating *r = mem_alloc(sizeof *r);
    int rc;

    r->agent = agent;
    r->peer = peer;
    r->err = err;
    rc = recalls_each(agent->db, 0, repeat_one, r, err);
    if (rc == 0)
        rc = flush(r);
    arena_free(&r->arena);
    free(r);
    return rc;
}
