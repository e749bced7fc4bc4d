#include "agentd/outgoing.h"

#include <stdio.h>

#include "agentd/agent.h"
#include "agentd/incarnation.h"
#include "agentd/storage.h"
#include "agentd/waits.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/inbox.h"
#include "store/outbox.h"
#include "store/owed.h"
#include "store/resend.h"

#define HOLD_MS 30000     /* after a hub's temporary refusal */
#define MARK_DELAY_MS 200 /* confirmations are written together */

struct letter {
    struct id origin;
    struct bytes header, sealed;
};

static void put(struct hublink *hub, const struct flight_item *item,
    const struct letter *letter)
{
    struct agent *agent = hub->post->agent;
    struct flight_item sent = *item;
    struct hubtalk talk = {.kind = HUBTALK_PUT,
        .id = item->envelope,
        .origin = letter->origin,
        .incarnation = agent->incarnation.number};
    struct err err;

    /* For the hub to remember; a letter without it is as good. */
    if (incarnation_progress(&talk.progress, agent, &err) < 0)
        talk.progress = 0;
    if (envelope_decode(&talk.header, letter->header, &err) < 0)
        log_line(&agent->log, LOG_ERROR, "stored header is damaged",
            "reason=\"%s\"", err.text);
    else
        hublink_say(hub, &talk, letter->sealed);
    sent.header = talk.header;
    flight_add(&hub->post->flight, &sent);
}

/* Of the hubs that take letters now, number n, counted round: 0 is the first
 * that answers.  NULL: none does. */
static struct hublink *ready_hub(const struct post *post, unsigned n)
{
    struct hublink *ready[DIRECTORY_MAX_HUBS];
    const int64_t now = clock_mono().ms;
    size_t count = 0;

    for (size_t i = 0; i < post->hub_count; i++)
        if (post->hubs[i]->ready && post->hubs[i]->hold_until.ms <= now)
            ready[count++] = post->hubs[i];
    return count == 0 ? NULL : ready[n % count];
}

static void put_batch(struct post *post, const struct outbox_batch *batch)
{
    const struct hold *hold = holds_find(&post->holds, batch->stream);
    const unsigned turn = batch->tries + (hold == NULL ? 0 : hold->turns);
    struct hublink *hub = ready_hub(post, turn);
    const struct flight_item item = {.envelope = batch->envelope,
        .row = batch->id,
        .stream = batch->stream,
        .hub = hub,
        .bytes = batch->sealed.len};
    const struct letter letter = {batch->origin, batch->header, batch->sealed};

    put(hub, &item, &letter);
}

/* Some hub is ready. */
static int put_batches(struct post *post, struct err *err)
{
    const size_t window = (size_t)post->agent->settings.window_kib * 1024;

    while (post->flight.bytes < window && !flight_is_full(&post->flight)) {
        SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
        int64_t rows[FLIGHT_MAX];
        int64_t held[HOLDS_MAX];
        const struct outbox_flight flying = {rows,
            flight_rows(rows, &post->flight), held,
            holds_streams(held, &post->holds, clock_mono())};
        struct outbox_batch batch;
        int rc =
            outbox_next_unput(&batch, post->agent->db, &flying, &arena, err);

        if (rc == 0) /* its number is used once it leaves */
            rc = incarnation_mark(post->agent, err);
        if (rc < 0)
            return rc == ERR_NOT_FOUND ? 0 : rc;
        put_batch(post, &batch);
    }
    return 0;
}

static int put_receipts(struct post *post, struct hublink *hub, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct owed_receipt rows[16];
    const int n = owed_unput(rows, 16, post->agent->db, &arena, err);

    for (int i = 0; i < n && !flight_is_full(&post->flight); i++) {
        const struct flight_item item = {.envelope = rows[i].envelope,
            .hub = hub,
            .bytes = rows[i].sealed.len};

        const struct letter letter = {{{0}}, rows[i].header, rows[i].sealed};

        if (!flight_has(&post->flight, &rows[i].envelope))
            put(hub, &item, &letter);
    }
    return n < 0 ? n : 0;
}

/* Nothing leaves before it is sure that no number is used twice.  Receipts have
 * no numbers: the marker follows them, off their way. */
static int put_all(struct post *post, struct hublink *hub, struct err *err)
{
    int rc = incarnation_settle(post->agent, err);

    if (rc == 0)
        rc = put_receipts(post, hub, err);
    if (rc == 0)
        rc = put_batches(post, err);
    return rc < 0 ? rc : incarnation_mark(post->agent, err);
}

void outgoing_pump(struct post *post)
{
    struct hublink *hub = ready_hub(post, 0);
    struct err err;

    if (hub == NULL)
        return;
    if (put_all(post, hub, &err) < 0)
        log_line(&post->agent->log, LOG_ERROR, "not everything can be sent",
            "reason=\"%s\"", err.text);
    if (post->flight.count > 0)
        post_wake(post, flight_deadline(&post->flight));
}

static int mark_one(
    struct agent *agent, const struct flight_item *item, struct err *err)
{
    bool found;

    if (item->row == 0)
        return owed_mark_put(agent->db, &item->envelope, &found, err);
    return outbox_mark_put(
        agent->db, &item->envelope, clock_wall(), item->reason, err);
}

/* Within a transaction. */
int outgoing_write_marks(struct post *post, struct err *err)
{
    for (size_t i = 0; i < post->flight.count; i++) {
        const struct flight_item *item = &post->flight.items[i];
        const int rc = item->done ? mark_one(post->agent, item, err) : 0;

        if (rc < 0 && rc != ERR_NOT_FOUND) /* it may have been renamed */
            return rc;
    }
    for (size_t i = 0; i < post->hub_count; i++) {
        const int rc = storage_remember(post->hubs[i], err);

        if (rc < 0)
            return rc;
    }
    return attested_keep(&post->refusals, post->agent, err);
}

void outgoing_flush(struct post *post)
{
    struct err err;
    int rc;

    post->marks_due = (mono){0};
    rc = db_begin(post->agent->db, &err);
    if (rc == 0)
        rc = outgoing_write_marks(post, &err);
    if (rc == 0)
        rc = db_commit(post->agent->db, &err);
    if (rc < 0) {
        db_rollback(post->agent->db);
        storage_unsure(post);
        log_line(&post->agent->log, LOG_ERROR, "cannot note confirmations",
            "reason=\"%s\"", err.text);
        post->marks_due = (mono){clock_mono().ms + HOLD_MS};
        return; /* they stay in flight: else all of it would go again at once */
    }
    flight_drop_done(&post->flight);
    post->refusals.count = 0;
    waits_check(post->agent->waits);
}

static bool is_temporary(enum reason reason)
{
    return reason == REASON_QUOTA || reason == REASON_DISK_FULL ||
           reason == REASON_UNKNOWN_RECIPIENT || reason == REASON_OLD_DIRECTORY;
}

/* Is it this recipient only that the hub has no room for? */
static bool is_of_one_school(enum reason reason)
{
    return reason == REASON_QUOTA || reason == REASON_UNKNOWN_RECIPIENT;
}

/* The letter stays in the outbox: its stream waits for a while, or all that
 * would go to this hub. */
static void wait_for_room(struct hublink *hub, const struct hubtalk *talk)
{
    struct post *post = hub->post;
    const struct flight_item *item = flight_find(&post->flight, &talk->id);
    const int64_t stream = item == NULL ? 0 : item->stream;
    const bool noted =
        stream != 0 && holds_add(&post->holds, stream, talk->reason);

    hub->refusal = talk->reason;
    flight_drop(&post->flight, &talk->id);
    if (!noted || !is_of_one_school(talk->reason))
        hub->hold_until = (mono){clock_mono().ms + HOLD_MS};
    post_kick(post); /* another hub may take it, and sets the next time */
}

static void took(struct hublink *hub, const struct hubtalk *talk)
{
    const struct flight_item *item = flight_find(&hub->post->flight, &talk->id);

    if (item != NULL && item->stream != 0)
        holds_drop(&hub->post->holds, item->stream);
    if (hub->post->holds.count == 0)
        hub->refusal = REASON_NONE;
}

/* Nobody has said what became of this letter: it stays in the outbox, for
 * another hub or for this one later. */
static void leave_unanswered(struct hublink *hub, const struct hubtalk *talk)
{
    flight_drop(&hub->post->flight, &talk->id);
    hub->hold_until = (mono){clock_mono().ms + HOLD_MS};
    post_kick(hub->post);
}

static void note_refusal(
    struct hublink *hub, const struct hubtalk *talk, struct bytes is_signed)
{
    struct post *post = hub->post;

    log_line(&post->agent->log, LOG_WARN, "the hub refused a letter",
        "hub=%s reason=%s", hub->endpoint, reason_code(talk->reason));
    attested_note(
        &post->refusals, hub->endpoint, talk, is_signed, clock_wall());
    if (post->refusals.count > 0 && post->marks_due.ms == 0)
        post->marks_due = (mono){clock_mono().ms + MARK_DELAY_MS};
    if (post->marks_due.ms != 0)
        post_wake(post, post->marks_due);
}

/* Of the letter as we put it.  One that is not on its way any more goes again,
 * and is refused again. */
static bool is_refused(
    struct hublink *hub, const struct hubtalk *talk, struct bytes body)
{
    const struct flight_item *item = flight_find(&hub->post->flight, &talk->id);
    struct hubtalk said = *talk;
    struct bytes is_signed;

    if (item == NULL)
        return false;
    said.header = item->header;
    if (!hublink_believes(&is_signed, hub, &said, body)) {
        leave_unanswered(hub, talk);
        return false;
    }
    note_refusal(hub, talk, is_signed);
    return true;
}

void outgoing_answered(
    struct hublink *hub, const struct hubtalk *talk, struct bytes body)
{
    struct post *post = hub->post;

    if (talk->reason != REASON_NONE && !is_refused(hub, talk, body))
        return;
    if (is_temporary(talk->reason)) {
        wait_for_room(hub, talk);
        return;
    }
    took(hub, talk);
    if (talk->cursor > hub->high)
        hub->high = talk->cursor;
    flight_done(&post->flight, &talk->id, talk->reason);
    if (post->marks_due.ms == 0)
        post->marks_due = (mono){clock_mono().ms + MARK_DELAY_MS};
    post_wake(post, post->marks_due);
    outgoing_pump(post);
}

struct resend {
    int64_t streams[2 * DIRECTORY_MAX_SCHOOLS];
    size_t count;
};

static int note_stream(void *arg, const struct outbox_stream *stream)
{
    struct resend *resend = arg;

    if (resend->count < 2 * DIRECTORY_MAX_SCHOOLS)
        resend->streams[resend->count++] = stream->id;
    return 0;
}

int outgoing_all_again(struct agent *agent, struct err *err)
{
    SCOPED(mem_freep) struct resend *resend = mem_alloc(sizeof *resend);
    int rc = outbox_each_stream(agent->db, note_stream, resend, err);

    for (size_t i = 0; rc >= 0 && i < resend->count; i++)
        rc = resend_range(agent->db, resend->streams[i], 1, INT64_MAX, err);
    if (rc >= 0)
        rc = owed_all_again(agent->db, err);
    return rc < 0 ? rc : 0;
}
