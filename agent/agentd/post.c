#include "agentd/post.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "agentd/agent.h"
#include "agentd/flight.h"
#include "agentd/mail.h"
#include "agentd/waits.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/outbox.h"
#include "wire/hubtalk.h"

#define HELLO_WAIT_MS 10000
#define FRESHEN_MS (5 * 60 * 1000) /* ask for the directory: proof of life */
#define HOLD_MS 30000              /* after a hub's temporary refusal */
#define MARK_DELAY_MS 200          /* confirmations are written together */
#define MAX_ACKS 64

struct hub {
    struct post *post;
    struct directory_hub at; /* endpoint and name are owned copies */
    struct link *link;
    enum link_state state;
    char sentence[200];
    bool ready;
    mono heard;
    mono next;       /* HELLO again, or freshen */
    mono hold_until; /* no PUT before */
    int64_t skew_ms;
    uint64_t waiting;
    uint64_t acks[MAX_ACKS]; /* cursors to acknowledge after the commit */
    size_t ack_count;
    bool failed; /* the transaction of this drain is lost */
};

struct post {
    struct agent *agent;
    struct hub *hubs[DIRECTORY_MAX_HUBS];
    size_t hub_count;
    struct flight flight;
    struct mail_debts debts;
    struct loop_timer *tick;
    struct id session;
    bool follow; /* the directory changed: look at the hubs again */
    mono marks_due;
};

static mono in_ms(int64_t ms)
{
    return (mono){clock_mono().ms + ms};
}

static void say(struct hub *hub, const struct hubtalk *talk, struct bytes body)
{
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;
    struct err err;

    hubtalk_encode(&wire, talk);
    if (link_send(hub->link, buf_bytes(&wire), body, &err) < 0)
        log_line(&hub->post->agent->log, LOG_DEBUG, "message not sent",
            "hub=%s reason=\"%s\"", hub->at.endpoint, err.text);
}

static void wake(struct post *post, mono when);

static void greet(struct hub *hub)
{
    const struct agent *agent = hub->post->agent;
    struct hubtalk hello = {
        .kind = HUBTALK_HELLO,
        .session = hub->post->session,
        .version = members_version(agent->identity->members),
        .time = clock_wall(),
        .protocol = STREAM_VERSION,
    };

    snprintf(hello.software, sizeof hello.software, "%s", MOVEUP_VERSION);
    say(hub, &hello, (struct bytes){NULL, 0});
    hub->next = in_ms(HELLO_WAIT_MS);
    wake(hub->post, hub->next);
}

static void ask_directory(struct hub *hub)
{
    const struct hubtalk ask = {.kind = HUBTALK_DIRECTORY,
        .version = members_version(hub->post->agent->identity->members)};

    say(hub, &ask, (struct bytes){NULL, 0});
}

static void fetch(struct hub *hub)
{
    const struct hubtalk ask = {.kind = HUBTALK_FETCH,
        .credit = (uint64_t)hub->post->agent->settings.credit_kib * 1024};

    say(hub, &ask, (struct bytes){NULL, 0});
}

/* --- out: PUT ---------------------------------------------------------- */

static void put(struct hub *hub, const struct flight_item *item,
    struct bytes header, struct bytes sealed)
{
    struct hubtalk talk = {.kind = HUBTALK_PUT, .id = item->envelope};
    struct err err;

    if (envelope_decode(&talk.header, header, &err) < 0)
        log_line(&hub->post->agent->log, LOG_ERROR, "stored header is damaged",
            "reason=\"%s\"", err.text);
    else
        say(hub, &talk, sealed);
    flight_add(&hub->post->flight, item);
}

static int put_batches(struct post *post, struct hub *hub, struct err *err)
{
    const size_t window = (size_t)post->agent->settings.window_kib * 1024;

    while (post->flight.bytes < window && !flight_is_full(&post->flight)) {
        SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
        int64_t rows[FLIGHT_MAX];
        const struct outbox_flight flying = {
            rows, flight_rows(rows, &post->flight)};
        struct outbox_batch batch;
        int rc = outbox_next_unput(
            &batch, post->agent->db, &flying, &arena, err);

        if (rc < 0)
            return rc == ERR_NOT_FOUND ? 0 : rc;
        const struct flight_item item = {.envelope = batch.envelope,
            .row = batch.id,
            .hub = hub,
            .bytes = batch.sealed.len};

        put(hub, &item, batch.header, batch.sealed);
    }
    return 0;
}

static int put_receipts(struct post *post, struct hub *hub, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct receipt_out rows[16];
    const int n = outbox_unput_receipts(
        rows, 16, post->agent->db, &arena, err);

    for (int i = 0; i < n && !flight_is_full(&post->flight); i++) {
        const struct flight_item item = {.envelope = rows[i].envelope,
            .hub = hub,
            .bytes = rows[i].sealed.len};

        if (!flight_has(&post->flight, &rows[i].envelope))
            put(hub, &item, rows[i].header, rows[i].sealed);
    }
    return n < 0 ? n : 0;
}

static struct hub *first_ready(const struct post *post)
{
    const int64_t now = clock_mono().ms;

    for (size_t i = 0; i < post->hub_count; i++)
        if (post->hubs[i]->ready && post->hubs[i]->hold_until.ms <= now)
            return post->hubs[i];
    return NULL;
}

static void pump(struct post *post)
{
    struct hub *hub = first_ready(post);
    struct err err;

    if (hub == NULL)
        return;
    if (put_receipts(post, hub, &err) < 0 || put_batches(post, hub, &err) < 0)
        log_line(&post->agent->log, LOG_ERROR, "cannot read the outbox",
            "reason=\"%s\"", err.text);
    if (post->flight.count > 0)
        wake(post, flight_deadline(&post->flight));
}

void post_kick(struct post *post)
{
    if (post != NULL)
        wake(post, clock_mono());
}

/* --- marks: what hubs have confirmed ------------------------------------ */

static int mark_one(
    struct agent *agent, const struct flight_item *item, struct err *err)
{
    bool found;

    if (item->row == 0)
        return outbox_mark_receipt_put(
            agent->db, &item->envelope, &found, err);
    return outbox_mark_put(
        agent->db, &item->envelope, clock_wall(), item->reason, err);
}

/* Within a transaction. */
static int write_marks(struct post *post, struct err *err)
{
    for (size_t i = 0; i < post->flight.count; i++) {
        const struct flight_item *item = &post->flight.items[i];
        const int rc = item->done ? mark_one(post->agent, item, err) : 0;

        if (rc < 0 && rc != ERR_NOT_FOUND) /* it may have been renamed */
            return rc;
    }
    return 0;
}

static void flush_marks(struct post *post)
{
    struct err err;
    int rc;

    post->marks_due = (mono){0};
    rc = db_begin(post->agent->db, &err);
    if (rc == 0)
        rc = write_marks(post, &err);
    if (rc == 0)
        rc = db_commit(post->agent->db, &err);
    if (rc < 0) {
        db_rollback(post->agent->db);
        log_line(&post->agent->log, LOG_ERROR, "cannot note confirmations",
            "reason=\"%s\"", err.text);
    }
    flight_drop_done(&post->flight);
    waits_check(post->agent->waits);
}

static bool is_temporary(enum reason reason)
{
    return reason == REASON_QUOTA || reason == REASON_DISK_FULL ||
           reason == REASON_UNKNOWN_RECIPIENT ||
           reason == REASON_OLD_DIRECTORY;
}

static void on_put_done(struct hub *hub, const struct hubtalk *talk)
{
    struct post *post = hub->post;

    if (talk->reason != REASON_NONE) {
        log_line(&post->agent->log, LOG_WARN, "the hub refused a letter",
            "hub=%s reason=%s", hub->at.endpoint, reason_code(talk->reason));
        snprintf(hub->sentence, sizeof hub->sentence, "%s",
            reason_sentence(talk->reason));
    }
    if (is_temporary(talk->reason)) {
        flight_drop(&post->flight, &talk->id);
        hub->hold_until = in_ms(HOLD_MS);
        wake(post, hub->hold_until);
        return;
    }
    flight_done(&post->flight, &talk->id, talk->reason);
    if (post->marks_due.ms == 0)
        post->marks_due = in_ms(MARK_DELAY_MS);
    wake(post, post->marks_due);
    pump(post);
}

/* --- in: MAIL ------------------------------------------------------------ */

static void give_up(struct hub *hub, const struct err *err)
{
    log_line(&hub->post->agent->log, LOG_ERROR,
        "mail cannot be stored; it stays at the hub", "reason=\"%s\"",
        err->text);
    db_rollback(hub->post->agent->db);
    hub->failed = true;
    hub->ack_count = 0;
    hub->post->debts.count = 0;
}

static void on_mail(
    struct hub *hub, const struct hubtalk *talk, struct bytes body)
{
    struct post *post = hub->post;
    struct db *db = post->agent->db;
    const struct mail_letter letter = {talk->id, talk->header, body};
    struct err err;
    int rc = 0;

    if (hub->failed)
        return;
    if (!db_in_transaction(db))
        rc = db_begin(db, &err);
    if (rc == 0 && mail_must_settle(&post->debts))
        rc = mail_settle(post->agent, &post->debts, &err);
    if (rc == 0)
        rc = mail_take(post->agent, &letter, &post->debts, &err);
    if (rc == ERR_BUSY)
        return; /* not acknowledged: it comes again */
    if (rc < 0) {
        give_up(hub, &err);
        return;
    }
    if (hub->ack_count < MAX_ACKS)
        hub->acks[hub->ack_count++] = talk->cursor;
}

static void acknowledge(struct hub *hub)
{
    for (size_t i = 0; i < hub->ack_count; i++) {
        const struct hubtalk ack = {
            .kind = HUBTALK_ACK, .cursor = hub->acks[i]};

        say(hub, &ack, (struct bytes){NULL, 0});
    }
    hub->ack_count = 0;
}

/* One commit for all the mail of a drain, then the acknowledgements. */
static void on_drained(void *arg)
{
    struct hub *hub = arg;
    struct post *post = hub->post;
    struct agent *agent = post->agent;
    struct err err;
    int rc;

    if (hub->failed) {
        hub->failed = false;
        hub->ready = false; /* greet and fetch again, later */
        hub->next = in_ms(HOLD_MS);
        wake(post, hub->next);
        return;
    }
    if (!db_in_transaction(agent->db))
        return;
    rc = mail_settle(agent, &post->debts, &err);
    if (rc == 0)
        rc = write_marks(post, &err);
    if (rc == 0)
        rc = db_commit(agent->db, &err);
    if (rc < 0) {
        give_up(hub, &err);
        on_drained(hub);
        return;
    }
    post->marks_due = (mono){0};
    flight_drop_done(&post->flight);
    acknowledge(hub);
    pump(post);
    waits_check(agent->waits);
}

/* --- greeting, directory --------------------------------------------------- */

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

static int send_all_again(struct db *db, struct err *err)
{
    SCOPED(mem_freep) struct resend *resend = mem_alloc(sizeof *resend);
    int rc = outbox_each_stream(db, note_stream, resend, err);

    for (size_t i = 0; rc >= 0 && i < resend->count; i++)
        rc = outbox_again(db, resend->streams[i], 1, INT64_MAX, err);
    return rc < 0 ? rc : 0;
}

/* Another storage than last time: the hub was wiped.  What it had and no
 * recipient has confirmed goes again. */
static int note_storage(struct hub *hub, const struct id *storage,
    struct err *err)
{
    struct db *db = hub->post->agent->db;
    SCOPED(mem_freep) char *key = mem_format("hub %s", hub->at.endpoint);
    char known[ID_TEXT_SIZE] = "";
    char fresh[ID_TEXT_SIZE];
    int rc = db_get(db, key, known, sizeof known, err);

    id_format(storage, fresh);
    if (rc < 0 || strcmp(known, fresh) == 0)
        return rc;
    rc = db_begin(db, err);
    if (rc == 0)
        rc = db_set(db, key, fresh, err);
    if (rc == 0 && known[0] != '\0') {
        log_line(&hub->post->agent->log, LOG_WARN,
            "the hub lost its storage; sending again", "hub=%s",
            hub->at.endpoint);
        rc = send_all_again(db, err);
    }
    if (rc >= 0)
        rc = db_commit(db, err);
    if (rc < 0)
        db_rollback(db);
    return rc < 0 ? rc : 0;
}

static void on_welcome(struct hub *hub, const struct hubtalk *talk)
{
    struct agent *agent = hub->post->agent;
    struct err err;

    hub->skew_ms = talk->time.ms - clock_wall().ms;
    hub->waiting = talk->waiting;
    hub->ready = true;
    hub->next = in_ms(FRESHEN_MS);
    wake(hub->post, hub->next);
    snprintf(hub->sentence, sizeof hub->sentence, "connected");
    log_line(&agent->log, LOG_INFO, "hub connected",
        "hub=%s waiting=%" PRIu64 " skew_ms=%" PRId64, hub->at.endpoint,
        talk->waiting, hub->skew_ms);
    if (note_storage(hub, &talk->hub, &err) < 0)
        log_line(&agent->log, LOG_ERROR, "cannot note the hub's storage",
            "reason=\"%s\"", err.text);
    if (talk->version > members_version(agent->identity->members))
        ask_directory(hub);
    fetch(hub);
    pump(hub->post);
}

static void on_directory(
    struct hub *hub, const struct hubtalk *talk, struct bytes body)
{
    struct agent *agent = hub->post->agent;
    struct err err;
    int rc;

    if (body.len == 0) {
        if (talk->version > members_version(agent->identity->members))
            ask_directory(hub);
        return;
    }
    rc = identity_update_directory(
        agent->identity, body, clock_wall(), &err);
    if (rc == ERR_EXISTS)
        return;
    if (rc < 0) {
        log_line(&agent->log, LOG_WARN, "a directory was refused",
            "hub=%s reason=\"%s\"", hub->at.endpoint, err.text);
        return;
    }
    log_line(&agent->log, LOG_INFO, "new directory", "version=%" PRIu64,
        members_version(agent->identity->members));
    post_follow_directory(hub->post);
}

static void on_refused(struct hub *hub, const struct hubtalk *talk)
{
    log_line(&hub->post->agent->log, LOG_WARN, "the hub refused a request",
        "hub=%s reason=%s", hub->at.endpoint, reason_code(talk->reason));
    snprintf(hub->sentence, sizeof hub->sentence, "%s",
        reason_sentence(talk->reason));
    hub->ready = false;
    hub->next = in_ms(HOLD_MS);
    wake(hub->post, hub->next);
}

static void on_message(void *arg, struct bytes wire, struct bytes body)
{
    struct hub *hub = arg;
    struct hubtalk talk;
    struct err err;

    if (hubtalk_decode(&talk, wire, &err) < 0) {
        log_line(&hub->post->agent->log, LOG_WARN, "bad message from a hub",
            "hub=%s reason=\"%s\"", hub->at.endpoint, err.text);
        return;
    }
    hub->heard = clock_mono();
    if (talk.kind == HUBTALK_WELCOME)
        on_welcome(hub, &talk);
    else if (talk.kind == HUBTALK_PUT_DONE)
        on_put_done(hub, &talk);
    else if (talk.kind == HUBTALK_MAIL)
        on_mail(hub, &talk, body);
    else if (talk.kind == HUBTALK_DIRECTORY_IS)
        on_directory(hub, &talk, body);
    else if (talk.kind == HUBTALK_REFUSED)
        on_refused(hub, &talk);
}

static void on_state(void *arg, enum link_state state, const char *sentence)
{
    struct hub *hub = arg;

    if (state != hub->state && state != LINK_CONNECTING && state != LINK_UP)
        log_line(&hub->post->agent->log, LOG_WARN, "hub not connected",
            "hub=%s reason=\"%s\"", hub->at.endpoint, sentence);
    hub->state = state;
    hub->ready = false;
    hub->next = (mono){0};
    snprintf(hub->sentence, sizeof hub->sentence, "%s", sentence);
    flight_drop_hub(&hub->post->flight, hub);
    if (state == LINK_UP)
        greet(hub);
    else
        post_kick(hub->post); /* another hub may take what was on its way */
}

/* --- the set of hubs --------------------------------------------------------- */

static void close_hub(struct hub *hub)
{
    flight_drop_hub(&hub->post->flight, hub);
    link_close(hub->link);
    free((char *)(uintptr_t)hub->at.endpoint);
    free(hub);
}

static int open_hub(
    struct post *post, const struct directory_hub *at, struct err *err)
{
    struct hub *hub = mem_alloc(sizeof *hub);
    const struct identity *me = post->agent->identity;
    const struct link_options options = {at->endpoint, at->curve_key,
        me->curve_public, me->curve_secret, HUBTALK_MAX_BODY};
    const struct link_callbacks callbacks = {
        on_state, on_message, on_drained, hub};
    int rc;

    hub->post = post;
    hub->at = *at;
    hub->at.endpoint = mem_text(at->endpoint);
    snprintf(hub->sentence, sizeof hub->sentence, "connecting");
    rc = link_open(&hub->link, post->agent->loop, &options, &callbacks, err);
    if (rc < 0) {
        close_hub(hub);
        return rc;
    }
    post->hubs[post->hub_count++] = hub;
    return 0;
}

static bool is_wanted(const struct directory_hub *hub)
{
    return hub->status == MEMBER_ACTIVE;
}

static bool same_hub(const struct hub *hub, const struct directory_hub *at)
{
    return strcmp(hub->at.endpoint, at->endpoint) == 0 &&
           strcmp(hub->at.curve_key, at->curve_key) == 0;
}

static void follow(struct post *post)
{
    const struct directory_content *directory =
        members_content(post->agent->identity->members);
    struct err err;

    post->follow = false;
    for (size_t i = 0; i < post->hub_count;) {
        bool keep = false;

        for (size_t j = 0; j < directory->hub_count; j++)
            keep |= is_wanted(&directory->hubs[j]) &&
                    same_hub(post->hubs[i], &directory->hubs[j]);
        if (keep) {
            i++;
            continue;
        }
        close_hub(post->hubs[i]);
        post->hubs[i] = post->hubs[--post->hub_count];
    }
    for (size_t j = 0; j < directory->hub_count; j++) {
        bool have = !is_wanted(&directory->hubs[j]);

        for (size_t i = 0; i < post->hub_count; i++)
            have |= same_hub(post->hubs[i], &directory->hubs[j]);
        if (!have && open_hub(post, &directory->hubs[j], &err) < 0)
            log_line(&post->agent->log, LOG_ERROR, "cannot use a hub",
                "hub=%s reason=\"%s\"", directory->hubs[j].endpoint, err.text);
    }
}

void post_follow_directory(struct post *post)
{
    post->follow = true;
    post_kick(post);
}

/* --- time -------------------------------------------------------------------- */

static void hub_due(struct hub *hub, mono now)
{
    if (hub->next.ms == 0 || hub->next.ms > now.ms || hub->state != LINK_UP)
        return;
    if (hub->ready) {
        ask_directory(hub);
        hub->next = in_ms(FRESHEN_MS);
    } else {
        greet(hub);
    }
}

/* The nearest of what is still to come. */
static void rest(struct post *post)
{
    mono next = post->marks_due;
    const mono flight = flight_deadline(&post->flight);

    if (flight.ms != 0 && (next.ms == 0 || flight.ms < next.ms))
        next = flight;
    for (size_t i = 0; i < post->hub_count; i++) {
        const struct hub *hub = post->hubs[i];
        const int64_t now = clock_mono().ms;

        if (hub->next.ms != 0 && (next.ms == 0 || hub->next.ms < next.ms))
            next = hub->next;
        if (hub->hold_until.ms > now &&
            (next.ms == 0 || hub->hold_until.ms < next.ms))
            next = hub->hold_until;
    }
    loop_timer_set(post->tick, next);
}

static void on_tick(void *arg)
{
    struct post *post = arg;
    const mono now = clock_mono();

    if (post->follow)
        follow(post);
    flight_expire(&post->flight, now);
    if (post->marks_due.ms != 0 && post->marks_due.ms <= now.ms)
        flush_marks(post);
    for (size_t i = 0; i < post->hub_count; i++)
        hub_due(post->hubs[i], now);
    pump(post);
    rest(post);
}

/* Due at when at the latest: a timer already set to an earlier time stays. */
static void wake(struct post *post, mono when)
{
    const mono set = loop_timer_due(post->tick);

    if (set.ms == 0 || when.ms < set.ms)
        loop_timer_set(post->tick, when);
}

struct post *post_new(struct agent *agent)
{
    struct post *post = mem_alloc(sizeof *post);

    post->agent = agent;
    id_new(&post->session);
    post->tick = loop_timer_new(agent->loop, on_tick, post);
    post_follow_directory(post);
    return post;
}

size_t post_hubs(struct post_hub *out, size_t max, const struct post *post)
{
    size_t n = 0;

    for (size_t i = 0; i < post->hub_count && n < max; i++) {
        const struct hub *hub = post->hubs[i];

        out[n++] = (struct post_hub){hub->at.endpoint, hub->state,
            hub->sentence, hub->ready, hub->heard, hub->skew_ms,
            hub->waiting};
    }
    return n;
}

void post_free(struct post *post)
{
    if (post == NULL)
        return;
    flush_marks(post);
    while (post->hub_count > 0)
        close_hub(post->hubs[--post->hub_count]);
    loop_timer_free(post->tick);
    free(post);
}
