#include "agentd/receipts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/asks.h"
#include "agentd/incarnation.h"
#include "agentd/reseal.h"
#include "agentd/sender.h"
#include "agentd/snapshot.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/inbox.h"
#include "store/outbox.h"
#include "store/owed.h"
#include "store/resend.h"

/* The streams from one peer, gathered into the items of a letter. */
struct gathering {
    struct agent *agent;
    const struct laestab *peer;
    struct arena arena;
    struct batch_item items[LANE_COUNT + OWED_REFUSALS];
    size_t count;
};

static void gathering_free(struct gathering *g)
{
    arena_free(&g->arena);
}

static void add_exceptions(
    struct gathering *g, struct receipt *receipt, const struct intake *intake)
{
    receipt->exceptions = arena_take(
        &g->arena, (intake->hole_count + 1) * sizeof receipt->exceptions[0]);
    receipt->exception_count = intake->hole_count;
    for (size_t i = 0; i < intake->hole_count; i++)
        receipt->exceptions[i] = (struct exception){intake->holes[i].first,
            intake->holes[i].last, intake->holes[i].reason};
}

static int add_stream(void *arg, const struct inbox_stream *stream)
{
    struct gathering *g = arg;
    struct batch_item *item = &g->items[g->count];
    char statement[300];

    if (!laestab_equal(&stream->author, g->peer) || g->count == LANE_COUNT)
        return 0;
    item->kind = ITEM_RECEIPT;
    item->u.receipt = (struct receipt){
        .lane = stream->lane,
        .epoch = stream->intake.epoch,
        .received = stream->intake.high,
        .applied = intake_applied(&stream->intake),
        .head = stream->intake.head,
    };
    add_exceptions(g, &item->u.receipt, &stream->intake);
    snprintf(statement, sizeof statement,
        "%s (%s) has received up to number %" PRIu64
        " and applied up to number %" PRIu64
        " of what %s sent in the %s lane, with %zu exceptions.",
        g->agent->identity->name, g->agent->identity->laestab.text,
        item->u.receipt.received, item->u.receipt.applied, g->peer->text,
        stream_lane_name(stream->lane), stream->intake.hole_count);
    item->u.receipt.statement = arena_text(&g->arena, statement);
    g->count++;
    return 0;
}

static int add_refusals(struct gathering *g, struct err *err)
{
    struct refusal refusals[OWED_REFUSALS];
    const int n =
        owed_refusals(refusals, OWED_REFUSALS, g->agent->db, g->peer, err);

    for (int i = 0; i < n; i++) {
        g->items[g->count].kind = ITEM_REFUSAL;
        g->items[g->count++].u.refusal = refusals[i];
    }
    return n < 0 ? n : 0;
}

int receipts_write(
    struct agent *agent, const struct laestab *peer, struct err *err)
{
    SCOPED(gathering_free) struct gathering g = {.agent = agent, .peer = peer};
    SCOPED(sender_letter_free) struct sender_letter letter = {.content = {{0}}};
    struct batch batch = {
        .header = {STREAM_VERSION, agent->identity->laestab, *peer,
            LANE_RECEIPT, {{0}}, 0, 0, STREAM_TTL_DAYS},
        .created = clock_wall(),
        .items = g.items,
    };
    struct err why;
    int rc = inbox_each_stream(agent->db, add_stream, &g, err);

    if (rc == 0)
        rc = add_refusals(&g, err);
    if (rc < 0 || g.count == 0)
        return rc;
    batch.count = g.count;
    rc = incarnation_count_batch(agent, err);
    if (rc < 0)
        return rc;
    rc = sender_seal(&letter, agent, &batch, &why);
    if (rc == ERR_DENIED || rc == ERR_NOT_FOUND || rc == ERR_CERTIFICATE) {
        log_line(&agent->log, LOG_WARN, "no receipt can be sealed",
            "to=%s reason=\"%s\"", peer->text, why.text);
        return 0; /* the directory may change; the author asks again */
    }
    if (rc < 0)
        return err_set(err, why.code, "%s", why.text);
    const struct owed_receipt row = {*peer, letter.envelope,
        buf_bytes(&letter.header), buf_bytes(&letter.sealed), false};

    return owed_put(agent->db, &row, err);
}

/* Our current stream that a peer speaks of.
 * Errors: ERR_NOT_FOUND: it is of an epoch that is over. */
static int find_stream(struct outbox_stream *out, struct agent *agent,
    const struct laestab *peer, enum lane lane, const struct id *epoch,
    struct err *err)
{
    int rc = outbox_current(out, agent->db, peer, lane, err);

    if (rc == 0 && !id_equal(&out->epoch, epoch))
        rc = err_set(err, ERR_NOT_FOUND, "an epoch that is over");
    return rc;
}

/* The recipient names the content of its last batch: another one than ours
 * under that number means that we went back in time. */
static int check_head(bool *same, struct agent *agent, int64_t stream,
    const struct receipt *receipt, struct err *err)
{
    struct digest ours;
    int rc;

    *same = true;
    if (receipt->received == 0)
        return 0;
    rc = outbox_content_at(&ours, agent->db, stream, receipt->received, err);
    if (rc == 0)
        *same = memcmp(&ours, &receipt->head, sizeof ours) == 0;
    return rc == ERR_NOT_FOUND ? 0 : rc;
}

/* What the recipient has never seen goes again by itself. */
static int send_missing(struct agent *agent, const struct outbox_stream *stream,
    const struct receipt *receipt, struct err *err)
{
    int rc = 0;

    for (size_t i = 0; rc >= 0 && i < receipt->exception_count; i++) {
        const struct exception *e = &receipt->exceptions[i];

        if (e->reason != REASON_MISSING)
            continue;
        rc = resend_range(agent->db, stream->id, e->first, e->last, err);
        if (rc > 0)
            log_line(&agent->log, LOG_INFO, "sending again what is missing",
                "to=%s first=%" PRIu64 " last=%" PRIu64, stream->recipient.text,
                e->first, e->last);
    }
    return rc < 0 ? rc : 0;
}

/* What the recipient cannot take for good becomes a request in our inbox. */
static int note_exceptions(struct agent *agent,
    const struct outbox_stream *stream, const struct receipt *receipt,
    struct err *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < receipt->exception_count; i++) {
        const struct exception *e = &receipt->exceptions[i];
        const struct leavers_range range = {stream->id, e->first, e->last};

        rc = asks_note(agent, &stream->recipient, &range, e->reason, err);
    }
    return rc;
}

/* It has received more than in any receipt before, and lacks what it had
 * applied: its database went back and it does not know. */
static bool has_forgotten(
    const struct outbox_stream *stream, const struct receipt *receipt)
{
    if (receipt->received <= stream->received)
        return false; /* perhaps an old receipt */
    for (size_t i = 0; i < receipt->exception_count; i++)
        if (receipt->exceptions[i].reason == REASON_MISSING &&
            receipt->exceptions[i].first <= stream->applied)
            return true;
    return false;
}

static int take_receipt(struct agent *agent, const struct batch *batch,
    const struct receipt *receipt, struct bytes signed_content, wall now,
    struct err *err)
{
    const struct laestab *peer = &batch->header.author;
    struct outbox_stream stream;
    bool fresh = false;
    bool same = true;
    struct err why;
    int rc =
        find_stream(&stream, agent, peer, receipt->lane, &receipt->epoch, err);

    if (rc < 0)
        return rc == ERR_NOT_FOUND ? 0 : rc;
    rc = check_head(&same, agent, stream.id, receipt, err);
    if (rc == 0 && !same)
        incarnation_told(agent, peer->text, batch->heard,
            "a receipt is for another content");
    if (rc < 0 || !same)
        return rc;
    if (has_forgotten(&stream, receipt)) {
        log_line(&agent->log, LOG_WARN,
            "a school lacks what it had: it gets everything again", "school=%s",
            peer->text);
        return snapshot_asked(agent, peer, err);
    }
    rc = outbox_take_receipt(
        agent->db, peer, receipt, signed_content, now, &fresh, &why);
    if (rc == ERR_STATE) {
        incarnation_told(agent, peer->text, batch->heard,
            "a receipt is for more than we know to have sent");
        return 0;
    }
    if (rc < 0)
        return err_set(err, why.code, "%s", why.text);
    if (fresh)
        rc = send_missing(agent, &stream, receipt, err);
    if (rc == 0 && fresh)
        rc = note_exceptions(agent, &stream, receipt, err);
    return rc == 0 && fresh ? asks_settle(agent, peer, err) : rc;
}

/* The batch that a peer refused, by the name of its envelope: the rest of a
 * refusal is what the clear header said, and that may be what was damaged.
 * Errors: ERR_NOT_FOUND: not ours to that peer, or of an epoch that is over. */
static int find_refused(struct outbox_batch *batch, struct agent *agent,
    const struct laestab *peer, const struct refusal *refusal,
    struct arena *arena, struct err *err)
{
    struct outbox_stream stream;
    struct outbox_stream current;
    int rc = outbox_find(batch, agent->db, &refusal->envelope, arena, err);

    if (rc == 0)
        rc = outbox_stream(&stream, agent->db, batch->stream, err);
    if (rc == 0)
        rc =
            find_stream(&current, agent, peer, stream.lane, &stream.epoch, err);
    return rc;
}

/* It has closed the epoch that is current here: a letter of one before it, of
 * which it had seen nothing, came late and looked like a new one. */
static int leave_epoch(
    struct agent *agent, const struct laestab *peer, struct err *err)
{
    log_line(&agent->log, LOG_WARN,
        "a school has closed our epoch: it gets everything in a new one",
        "school=%s", peer->text);
    return snapshot_asked(agent, peer, err);
}

/* The recipient could not take an envelope.  What was damaged goes again by
 * itself; else it is shown. */
static int take_refusal(struct agent *agent, const struct laestab *peer,
    const struct refusal *refusal, wall now, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct outbox_batch batch;
    bool again = false;
    int rc = find_refused(&batch, agent, peer, refusal, &arena, err);

    if (rc == ERR_NOT_FOUND || (rc == 0 && batch.refused == refusal->reason))
        return 0;
    if (rc == 0 && refusal->reason == REASON_REPLAY)
        return leave_epoch(agent, peer, err);
    if (rc == 0 && batch.applied_at.ms == 0 && reseal_may_mend(refusal->reason))
        rc = reseal_batch(&again, agent, &batch, now, err);
    if (rc < 0)
        return rc;
    if (refusal->reason == REASON_EQUIVOCATION)
        incarnation_told(agent, peer->text, 0,
            "a school has another content under our number");
    log_line(&agent->log, LOG_WARN, "a school refused what we sent",
        "school=%s first=%" PRIu64 " last=%" PRIu64 " reason=%s again=%s",
        peer->text, batch.first, batch.last, reason_code(refusal->reason),
        again ? "yes" : "no");
    if (again)
        return 0;
    rc = outbox_mark_put(
        agent->db, &refusal->envelope, now, refusal->reason, err);
    return rc < 0 ? rc
                  : asks_note(agent, peer,
                        &(struct leavers_range){
                            batch.stream, batch.first, batch.last},
                        refusal->reason, err);
}

int receipts_take(struct agent *agent, const struct batch *batch,
    struct bytes signed_content, wall now, struct err *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < batch->count; i++) {
        const struct batch_item *item = &batch->items[i];

        if (item->kind == ITEM_RECEIPT)
            rc = take_receipt(
                agent, batch, &item->u.receipt, signed_content, now, err);
        else if (item->kind == ITEM_REFUSAL)
            rc = take_refusal(
                agent, &batch->header.author, &item->u.refusal, now, err);
    }
    return rc;
}
