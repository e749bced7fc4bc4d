#include "agentd/hublink.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "agentd/agent.h"
#include "agentd/incarnation.h"
#include "agentd/keys.h"
#include "agentd/newest.h"
#include "agentd/outgoing.h"
#include "agentd/reporting.h"
#include "agentd/storage.h"
#include "agentd/waits.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/db.h"

#define HELLO_WAIT_MS 10000
#define FRESHEN_MS (5 * 60 * 1000) /* ask for the directory: proof of life */
#define RETRY_MS 30000
#define SUSPECT_MS 1000

static mono in_ms(int64_t ms)
{
    return (mono){clock_mono().ms + ms};
}

void hublink_say(
    struct hublink *hub, const struct hubtalk *talk, struct bytes body)
{
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;
    struct err err;

    hubtalk_encode(&wire, talk);
    if (link_send(hub->link, buf_bytes(&wire), body, &err) < 0)
        log_line(&hub->post->agent->log, LOG_DEBUG, "message not sent",
            "hub=%s reason=\"%s\"", hub->endpoint, err.text);
}

static void greet(struct hublink *hub)
{
    struct agent *agent = hub->post->agent;
    struct err err;
    struct hubtalk hello = {
        .kind = HUBTALK_HELLO,
        .incarnation = agent->incarnation.number,
        .session = hub->post->session,
        .version = members_version(agent->identity->members),
        .time = clock_wall(),
        .protocol = STREAM_VERSION,
        .early = true,
        .parts = true,
    };

    snprintf(hello.software, sizeof hello.software, "%s", MOVEUP_VERSION);
    if (incarnation_progress(&hello.progress, agent, &err) < 0)
        return; /* asked again in a while: the link is dropped and made anew */
    hublink_say(hub, &hello, (struct bytes){NULL, 0});
    hub->next = in_ms(HELLO_WAIT_MS);
    post_wake(hub->post, hub->next);
}

static void fetch(struct hublink *hub)
{
    const struct hubtalk ask = {.kind = HUBTALK_FETCH,
        .credit = (uint64_t)hub->post->agent->settings.credit_kib * 1024};

    hublink_say(hub, &ask, (struct bytes){NULL, 0});
}

/* --- in: MAIL --- */

static void give_up(struct hublink *hub, const struct err *err)
{
    log_line(&hub->post->agent->log, LOG_ERROR,
        "mail cannot be stored; it stays at the hub", "reason=\"%s\"",
        err->text);
    db_rollback(hub->post->agent->db);
    storage_unsure(hub->post);
    hub->failed = true;
    hub->ack_count = 0;
    hub->noted_count = 0;
    hub->post->debts.count = 0;
    hub->post->debts.destroyed = false;
    early_forget(&hub->early);
}

static void note_ack(struct hublink *hub, uint64_t cursor)
{
    if (hub->ack_count < HUBLINK_MAX_ACKS)
        hub->acks[hub->ack_count++] = cursor;
}

/* It is the letter that cannot be applied, not the disk: when it comes again it
 * is put aside, soon, so that those behind it come too. */
static void suspect(
    struct hublink *hub, const struct mail_letter *letter, int rc)
{
    if (rc >= 0 || rc == ERR_IO || rc == ERR_FULL || rc == ERR_BUSY ||
        letter->suspect)
        return;
    early_note(&hub->suspects, &letter->envelope);
    hub->again_soon = true;
}

static void on_mail(
    struct hublink *hub, const struct hubtalk *talk, struct bytes body)
{
    struct post *post = hub->post;
    struct db *db = post->agent->db;
    const struct mail_letter letter = {
        talk->id, talk->header, body, early_knows(&hub->suspects, &talk->id)};
    struct err err;
    int rc = 0;

    if (hub->failed)
        return;
    if (talk->cursor != 0 && early_knows(&hub->early, &talk->id)) {
        note_ack(hub, talk->cursor);
        return;
    }
    if (!db_in_transaction(db))
        rc = db_begin(db, &err);
    if (rc == 0 && mail_must_settle(&post->debts))
        rc = mail_settle(post->agent, &post->debts, &err);
    if (rc == 0) {
        rc = mail_take(post->agent, &letter, &post->debts, &err);
        suspect(hub, &letter, rc);
    }
    if (rc < 0) {
        give_up(hub, &err);
        return;
    }
    if (talk->cursor == 0)
        early_note(&hub->early, &talk->id);
    else
        note_ack(hub, talk->cursor);
}

bool hublink_believes(struct bytes *is_signed, struct hublink *hub,
    const struct hubtalk *talk, struct bytes body)
{
    const struct agent *agent = hub->post->agent;
    struct err err;

    if (attested_check(is_signed, agent, hub->endpoint, talk, body, &err) == 0)
        return true;
    hub->unbelieved++;
    log_line(&agent->log, LOG_WARN,
        "a hub's word about a letter of ours is not believed: its signature "
        "is missing or wrong",
        "hub=%s says=%s reason=\"%s\"", hub->endpoint,
        reason_code(talk->reason), err.text);
    return false;
}

/* Not one of ours, or not waiting any more: nothing to remember, but the hub
 * need not say it again. */
static void on_notice(
    struct hublink *hub, const struct hubtalk *talk, struct bytes body)
{
    struct agent *agent = hub->post->agent;
    struct ending ending = {.envelope = talk->id,
        .reason = talk->reason,
        .hub = hub->endpoint,
        .at = talk->time};
    bool lost = false;
    struct err err;
    int rc = 0;

    if (hub->failed || hub->noted_count == HUBLINK_MAX_ACKS ||
        !hublink_believes(&ending.is_signed, hub, talk, body))
        return; /* it comes again */
    if (!db_in_transaction(agent->db))
        rc = db_begin(agent->db, &err);
    if (rc == 0)
        rc = ending_add(&lost, agent->db, &ending, clock_wall(), &err);
    if (rc < 0) {
        give_up(hub, &err);
        return;
    }
    ending.is_signed = (struct bytes){NULL, 0}; /* it ends with the message */
    hub->noted[hub->noted_count++] = ending;
    log_line(&agent->log, LOG_WARN,
        lost ? "the hub forgot a letter before its time; sending again"
             : "nobody has fetched a letter of ours",
        "hub=%s to=%s reason=%s", hub->endpoint, talk->header.recipient.text,
        reason_code(talk->reason));
}

static void acknowledge(struct hublink *hub)
{
    for (size_t i = 0; i < hub->noted_count; i++) {
        const struct hubtalk noted = {.kind = HUBTALK_NOTED,
            .id = hub->noted[i].envelope,
            .reason = hub->noted[i].reason};

        hublink_say(hub, &noted, (struct bytes){NULL, 0});
    }
    hub->noted_count = 0;
    for (size_t i = 0; i < hub->ack_count; i++) {
        const struct hubtalk ack = {
            .kind = HUBTALK_ACK, .cursor = hub->acks[i]};

        hublink_say(hub, &ack, (struct bytes){NULL, 0});
    }
    hub->ack_count = 0;
}

/* One commit for all the mail of a drain, then the acknowledgements. */
static void on_drained(void *arg)
{
    struct hublink *hub = arg;
    struct post *post = hub->post;
    struct agent *agent = post->agent;
    struct err err;
    int rc;

    if (hub->failed) {
        hub->failed = false;
        hub->ready = false; /* greet and fetch again, later */
        hub->next = in_ms(hub->again_soon ? SUSPECT_MS : RETRY_MS);
        hub->again_soon = false;
        post_wake(post, hub->next);
        return;
    }
    if (!db_in_transaction(agent->db)) {
        acknowledge(hub); /* letters that were dealt with before */
        return;
    }
    rc = mail_settle(agent, &post->debts, &err);
    if (rc == 0)
        rc = outgoing_write_marks(post, &err);
    if (rc == 0)
        rc = db_commit(agent->db, &err);
    if (rc < 0) {
        give_up(hub, &err);
        on_drained(hub);
        return;
    }
    if (post->debts.destroyed) { /* what stood in another school's way? */
        post->upkeep_due = clock_mono();
        post_wake(post, post->upkeep_due);
    }
    mail_committed(agent, &post->debts);
    post->marks_due = (mono){0};
    flight_drop_done(&post->flight);
    post->refusals.count = 0;
    acknowledge(hub);
    outgoing_pump(post);
    waits_check(agent->waits);
}

/* --- greeting, directory --- */

/* The hub remembers how far we ever were. */
static void hear_of_us(struct hublink *hub, const struct hubtalk *talk)
{
    struct agent *agent = hub->post->agent;
    const uint64_t ours = agent->incarnation.number;
    uint64_t progress = 0;
    struct err err;

    if (incarnation_progress(&progress, agent, &err) < 0)
        return;
    if (talk->incarnation > ours ||
        (talk->incarnation == ours && talk->progress > progress))
        incarnation_told(agent, hub->endpoint, talk->incarnation,
            "the hub knows a later state");
}

void hublink_offer(struct hublink *hub)
{
    const struct hubtalk talk = {.kind = HUBTALK_RENEW};
    SCOPED(buf_free) struct buf renewal = BUF_EMPTY;

    if (keys_offer(&renewal, hub->post->agent))
        hublink_say(hub, &talk, buf_bytes(&renewal));
}

static void on_welcome(struct hublink *hub, const struct hubtalk *talk)
{
    struct agent *agent = hub->post->agent;
    struct err err;

    hub->skew_ms = talk->time.ms - clock_wall().ms;
    hub->waiting = talk->waiting;
    hub->ready = true;
    hub->hold_until = (mono){0}; /* it may have room by now */
    hub->refusal = REASON_NONE;
    hub->post->holds.count = 0;
    hub->next = in_ms(FRESHEN_MS);
    post_wake(hub->post, hub->next);
    snprintf(hub->sentence, sizeof hub->sentence, "connected");
    post_expect_upkeep(hub->post);
    reporting_reached(agent->reporting);
    log_line(&agent->log, LOG_INFO, "hub connected",
        "hub=%s waiting=%" PRIu64 " skew_ms=%" PRId64, hub->endpoint,
        talk->waiting, hub->skew_ms);
    hear_of_us(hub, talk);
    if (storage_note(hub, talk, &err) < 0)
        log_line(&agent->log, LOG_ERROR, "cannot note the hub's storage",
            "reason=\"%s\"", err.text);
    if (talk->version > members_version(agent->identity->members))
        newest_ask(hub);
    else
        hublink_offer(hub); /* a newer directory may be the answer */
    fetch(hub);
    outgoing_pump(hub->post);
}

static void on_refused(struct hublink *hub, const struct hubtalk *talk)
{
    if (talk->reason == REASON_FENCED) {
        post_fence(hub->post, hub->endpoint);
        return;
    }
    log_line(&hub->post->agent->log, LOG_WARN, "the hub refused a request",
        "hub=%s reason=%s", hub->endpoint, reason_code(talk->reason));
    snprintf(hub->sentence, sizeof hub->sentence, "%s",
        reason_sentence(talk->reason));
    hub->ready = false;
    hub->next = in_ms(RETRY_MS);
    post_wake(hub->post, hub->next);
}

static void on_message(void *arg, struct bytes wire, struct bytes body)
{
    struct hublink *hub = arg;
    struct hubtalk talk;
    struct err err;

    if (hubtalk_decode(&talk, wire, &err) < 0) {
        log_line(&hub->post->agent->log, LOG_WARN, "bad message from a hub",
            "hub=%s reason=\"%s\"", hub->endpoint, err.text);
        return;
    }
    hub->heard = clock_mono();
    if (hub->post->fenced_at.ms != 0)
        return;
    if (talk.kind == HUBTALK_WELCOME)
        on_welcome(hub, &talk);
    else if (talk.kind == HUBTALK_PUT_DONE)
        outgoing_answered(hub, &talk, body);
    else if (talk.kind == HUBTALK_MAIL)
        on_mail(hub, &talk, body);
    else if (talk.kind == HUBTALK_DIRECTORY_IS)
        newest_take(hub, &talk, body);
    else if (talk.kind == HUBTALK_REFUSED)
        on_refused(hub, &talk);
    else if (talk.kind == HUBTALK_NOTICE)
        on_notice(hub, &talk, body);
}

static void on_state(void *arg, enum link_state state, const char *sentence)
{
    struct hublink *hub = arg;

    if (state != hub->state && state != LINK_CONNECTING && state != LINK_UP)
        log_line(&hub->post->agent->log, LOG_WARN, "hub not connected",
            "hub=%s reason=\"%s\"", hub->endpoint, sentence);
    hub->state = state;
    hub->ready = false;
    hub->next = (mono){0};
    buf_free(&hub->directory); /* its parts come anew */
    if (hub->post->fenced_at.ms == 0)
        snprintf(hub->sentence, sizeof hub->sentence, "%s", sentence);
    flight_drop_hub(&hub->post->flight, hub);
    if (state == LINK_KEY_WRONG)
        post_key_is_wrong(hub->post, hub);
    if (state == LINK_UP && hub->post->fenced_at.ms == 0)
        greet(hub);
    else
        post_kick(hub->post); /* another hub may take what was on its way */
}

void hublink_close(struct hublink *hub)
{
    flight_drop_hub(&hub->post->flight, hub);
    link_close(hub->link);
    buf_free(&hub->directory);
    free(hub->endpoint);
    free(hub);
}

int hublink_open(struct hublink **out, struct post *post,
    const struct directory_hub *at, struct err *err)
{
    struct hublink *hub = mem_alloc(sizeof *hub);
    const struct identity *me = post->agent->identity;
    const char *key = post_key_of(post, at);
    const struct link_options options = {at->endpoint, key, me->curve_public,
        me->curve_secret, HUBTALK_MAX_BODY};
    const struct link_callbacks callbacks = {
        on_state, on_message, on_drained, hub};
    int rc;

    hub->post = post;
    hub->endpoint = mem_text(at->endpoint);
    snprintf(hub->curve_key, sizeof hub->curve_key, "%s", key);
    snprintf(hub->own_key, sizeof hub->own_key, "%s", me->curve_public);
    snprintf(hub->sentence, sizeof hub->sentence, "connecting");
    rc = link_open(&hub->link, post->agent->loop, &options, &callbacks, err);
    if (rc < 0) {
        hublink_close(hub);
        return rc;
    }
    *out = hub;
    return 0;
}

void hublink_due(struct hublink *hub, mono now)
{
    if (hub->next.ms == 0 || hub->next.ms > now.ms || hub->state != LINK_UP ||
        hub->post->fenced_at.ms != 0)
        return;
    if (hub->ready) {
        newest_ask(hub);
        hub->next = in_ms(FRESHEN_MS);
    } else {
        greet(hub);
    }
}
