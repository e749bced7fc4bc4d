#include "hub/engine.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "hub/attested.h"
#include "hub/deliver.h"
#include "hub/early.h"
#include "hub/letters.h"
#include "hub/notices.h"
#include "hub/renewing.h"
#include "hub/reports.h"
#include "hub/telling.h"
#include "hub/visit.h"
#include "store/mailbox.h"

#define HOUR_MS ((int64_t)3600 * 1000)
#define RETRY_MS 20 /* a connection's queue was full */
#define RETRY_TROUBLE_MS 1000
#define ACK_WAIT_MS 20

int engine_new(
    struct engine **out, const struct engine_options *options, struct err *err)
{
    struct id hub;
    uint64_t high = 0;
    struct engine *engine;
    int rc = mailbox_id(&hub, options->db, err);

    if (rc == 0)
        rc = mailbox_high(&high, options->db, err);
    if (rc != 0)
        return rc;
    engine = mem_alloc(sizeof *engine);
    engine->db = options->db;
    engine->settings = options->settings;
    engine->log = options->log;
    engine->callbacks = options->callbacks;
    engine->hub = hub;
    engine->high = high;
    engine->expire = (mono){1};
    drain_init(&engine->drain, options->db, options->log);
    *out = engine;
    return 0;
}

enum access { NOBODY, SCHOOL = 1, ADMINISTRATOR = 2, CLOSED = 4 };

struct verb {
    unsigned access; /* of enum access */
    void (*serve)(struct visit *visit);
};

static const struct verb VERBS[HUBTALK_KINDS] = {
    [HUBTALK_HELLO] = {SCHOOL | CLOSED, letters_hello},
    [HUBTALK_PUT] = {SCHOOL | CLOSED, letters_put},
    [HUBTALK_FETCH] = {SCHOOL | CLOSED, letters_fetch},
    [HUBTALK_ACK] = {SCHOOL | CLOSED, letters_ack},
    [HUBTALK_DIRECTORY] = {SCHOOL | CLOSED | ADMINISTRATOR, notices_directory},
    [HUBTALK_PUBLISH] = {ADMINISTRATOR, notices_publish},
    [HUBTALK_REPORT] = {SCHOOL, reports_take},
    [HUBTALK_NOTED] = {SCHOOL | CLOSED, telling_noted},
    [HUBTALK_REPORTS] = {ADMINISTRATOR, reports_tell},
    [HUBTALK_TRACE] = {ADMINISTRATOR, reports_trace},
    [HUBTALK_RENEW] = {SCHOOL, renewing_ask},
    [HUBTALK_RENEWALS] = {ADMINISTRATOR, renewing_list},
};

/* A school that was revoked or closed and still comes is named to the
 * administrator.  False: nobody knows this key. */
static bool turn_away(
    struct engine *engine, const char *curve_key, const struct engine_now *now)
{
    const struct directory_content *directory =
        members_content(engine->callbacks.members(engine->callbacks.arg));

    for (size_t i = 0; i < directory->school_count; i++) {
        const struct directory_school *school = &directory->schools[i];
        struct watch_school *seen;

        if (strcmp(school->curve_key, curve_key) != 0 ||
            school->status == MEMBER_ACTIVE)
            continue;
        seen = watch_of(&engine->watch, &school->laestab);
        seen->turned_away++;
        seen->turned_away_at = now->wall;
        return true;
    }
    return false;
}

void engine_turned_away(
    struct engine *engine, const struct engine_now *now, const char *curve_key)
{
    (void)turn_away(engine, curve_key, now);
}

void engine_crowded(
    struct engine *engine, const struct engine_now *now, const char *curve_key)
{
    const struct directory_school *school = renewing_admits(engine,
        engine->callbacks.members(engine->callbacks.arg), curve_key, now->wall);
    struct watch_school *seen;

    if (school == NULL)
        return; /* the administrator's own */
    seen = watch_of(&engine->watch, &school->laestab);
    seen->crowded++;
    if (watch_may(&seen->tellings, 1, now->mono))
        log_line(engine->log, LOG_WARN,
            "a school has too many connections: the one not heard for the "
            "longest is cut",
            "school=%s times=%" PRIu64, school->laestab.text, seen->crowded);
}

/* An agent asks some of these when it connects.  Who asks all the time, for the
 * directory or its mail over and over, would keep the hub from the others. */
static bool asks_too_often(const struct visit *visit)
{
    const enum hubtalk_kind kind = visit->talk.kind;

    if (visit->school == NULL ||
        (kind != HUBTALK_HELLO && kind != HUBTALK_FETCH &&
            kind != HUBTALK_DIRECTORY && kind != HUBTALK_RENEW))
        return false;
    return !watch_may(
        &watch_of(&visit->engine->watch, &visit->school->laestab)->asks,
        WATCH_MAX_ASKS, visit->now->mono);
}

static unsigned access_of(const struct visit *visit)
{
    if (visit->school == NULL)
        return visit->administrator ? ADMINISTRATOR : NOBODY;
    return visit->school->status == MEMBER_ACTIVE ? SCHOOL : CLOSED;
}

static enum reason reason_for_access(unsigned has, unsigned needs)
{
    if (needs == ADMINISTRATOR)
        return REASON_NOT_ADMINISTRATOR;
    return has == CLOSED ? REASON_SCHOOL_CLOSED : REASON_UNKNOWN_SENDER;
}

static void serve(struct visit *visit)
{
    const struct verb *verb = &VERBS[visit->talk.kind];
    const unsigned access = access_of(visit);

    if (verb->serve == NULL || asks_too_often(visit))
        visit_complain(visit, REASON_BAD_REQUEST);
    else if (verb->access & access)
        verb->serve(visit);
    else
        visit_complain(visit, reason_for_access(access, verb->access));
}

bool engine_admits(
    struct engine *engine, const struct engine_now *now, const char *curve_key)
{
    const struct members *members =
        engine->callbacks.members(engine->callbacks.arg);

    return renewing_admits(engine, members, curve_key, now->wall) != NULL ||
           members_is_administrator(members, curve_key);
}

void engine_on_message(struct engine *engine, const struct engine_now *now,
    const struct listener_peer *peer, struct bytes talk, struct bytes body)
{
    struct visit visit = {
        .engine = engine, .now = now, .peer = peer, .body = body};

    if (nuisance_is_muted(&engine->nuisance, peer->curve_key, now->mono))
        return;
    visit.members = engine->callbacks.members(engine->callbacks.arg);
    visit.school =
        renewing_admits(engine, visit.members, peer->curve_key, now->wall);
    visit.administrator =
        members_is_administrator(visit.members, peer->curve_key);
    if (engine->started.ms == 0)
        engine->started = now->wall;
    if (visit.school != NULL)
        watch_of(&engine->watch, &visit.school->laestab)->heard = now->wall;
    if (visit.school == NULL && !visit.administrator)
        visit_complain(&visit, turn_away(engine, peer->curve_key, now)
                                   ? REASON_SENDER_REVOKED
                                   : REASON_UNKNOWN_SENDER);
    else if (hubtalk_decode(&visit.talk, talk, NULL) != 0)
        visit_complain(&visit, REASON_BAD_REQUEST);
    else
        serve(&visit);
}

/* The earlier of two, where 0 is never. */
static mono nearer(mono a, mono b)
{
    return a.ms == 0 || (b.ms != 0 && b.ms < a.ms) ? b : a;
}

static struct deliver delivery(struct engine *engine, wall now)
{
    return (struct deliver){.db = engine->db,
        .fresh = &engine->drain.fresh,
        .arena = &engine->arena,
        .talk = &engine->talk,
        .sent = &engine->counts.sent,
        .now = now,
        .send = engine->callbacks.send,
        .arg = engine->callbacks.arg};
}

static void deliver_all(struct engine *engine, const struct engine_now *now)
{
    const struct deliver deliver = delivery(engine, now->wall);
    struct err err;

    for (size_t i = 0; i < engine->boxes.count; i++) {
        struct box *box = engine->boxes.boxes[i];
        int rc;

        telling_send(engine, box, now->wall);
        if (box->starved && engine->boxes.pool < BOX_POOL)
            box->dirty = box->fetching;
        if (!box->dirty)
            continue;
        rc = deliver_mail(&deliver, box, &err);
        if (rc == 0)
            continue;
        if (rc != ERR_BUSY)
            log_line(engine->log, LOG_ERROR, "cannot read mail",
                "school=%s why=\"%s\"", box->school.text, err.text);
        engine->retry = nearer(engine->retry,
            (mono){
                now->mono.ms + (rc == ERR_BUSY ? RETRY_MS : RETRY_TROUBLE_MS)});
    }
}

/* One commit for all that came, then the mail that can go, then the answers. */
static void settle(struct engine *engine, const struct engine_now *now)
{
    const struct deliver deliver = delivery(engine, now->wall);

    engine->commit = (mono){0};
    if (!engine->drain.failed)
        early_send(&deliver, &engine->boxes);
    drain_commit(&engine->drain);
    if (engine->drain.high > engine->high)
        engine->high = engine->drain.high;
    deliver_all(engine, now);
    for (size_t i = 0; i < engine->drain.reply_count; i++) {
        const struct drain_reply *reply = &engine->drain.replies[i];
        const struct hubtalk talk = {.kind = HUBTALK_PUT_DONE,
            .id = reply->envelope,
            .cursor = reply->reason == REASON_NONE ? reply->cursor : 0,
            .reason = reply->reason};
        SCOPED(buf_free) struct buf is_signed = BUF_EMPTY;

        if (reply->reason == REASON_NONE)
            engine->counts.taken++;
        else
            engine->counts.refused[reply->reason]++;
        if (reply->reason != REASON_NONE)
            attested_refusal(&is_signed, engine, reply, now);
        visit_say(engine, &reply->peer, &talk, buf_bytes(&is_signed));
    }
    drain_clear(&engine->drain);
}

/* Nobody waits for the commit of an ACK: it shares that of what comes next,
 * which is often the receipt for the same letter. */
void engine_on_drained(struct engine *engine, const struct engine_now *now)
{
    if (!drain_can_wait(&engine->drain)) {
        settle(engine, now);
        return;
    }
    if (engine->commit.ms == 0)
        engine->commit = (mono){now->mono.ms + ACK_WAIT_MS};
    deliver_all(engine, now);
}

static void expire_mail(struct engine *engine, wall now)
{
    struct err err;
    int count = db_begin(engine->db, &err);

    if (count == 0)
        count = mailbox_expire(engine->db, now, &err);
    if (count >= 0) {
        const int rc = db_commit(engine->db, &err);

        count = rc == 0 ? count : rc;
    }
    if (count < 0) {
        db_rollback(engine->db);
        log_line(engine->log, LOG_ERROR, "cannot delete expired mail",
            "why=\"%s\"", err.text);
    } else if (count > 0) {
        log_line(engine->log, LOG_WARN,
            "letters were never fetched and have expired", "count=%d", count);
    }
    telling_all(engine, now);
    (void)db_checkpoint(engine->db);
}

void engine_on_time(struct engine *engine, const struct engine_now *now)
{
    if (engine->retry.ms != 0 && now->mono.ms >= engine->retry.ms) {
        engine->retry = (mono){0};
        deliver_all(engine, now);
    }
    if (engine->commit.ms != 0 && now->mono.ms >= engine->commit.ms)
        settle(engine, now);
    if (now->mono.ms >= engine->expire.ms) {
        engine->expire = (mono){now->mono.ms + HOUR_MS};
        settle(engine, now);
        expire_mail(engine, now->wall);
    }
}

mono engine_deadline(const struct engine *engine)
{
    return nearer(nearer(engine->retry, engine->commit), engine->expire);
}

const struct engine_counts *engine_counts(const struct engine *engine)
{
    return &engine->counts;
}

void engine_load(struct engine_load *out, const struct engine *engine)
{
    struct mailbox_use use;

    mailbox_use(&use, engine->db, NULL, NULL);
    *out = (struct engine_load){.letters = use.letters,
        .bytes = use.bytes,
        .oldest = use.oldest,
        .in_flight = engine->boxes.pool};
    for (size_t i = 0; i < engine->boxes.count; i++)
        out->consumers += engine->boxes.boxes[i]->greeted;
}

void engine_free(struct engine *engine)
{
    if (engine == NULL)
        return;
    drain_commit(&engine->drain);
    drain_free(&engine->drain);
    box_free_table(&engine->boxes);
    buf_free(&engine->talk);
    buf_free(&engine->gathering.bytes);
    arena_free(&engine->arena);
    watch_free(&engine->watch);
    free(engine);
}
