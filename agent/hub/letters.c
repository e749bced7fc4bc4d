#include "hub/letters.h"

#include <inttypes.h>

#include "base/log.h"
#include "conf/settings.h"
#include "hub/quota.h"
#include "hub/renewing.h"
#include "hub/visit.h"
#include "store/mailbox.h"
#include "store/sighting.h"

#define LEAST_MAIL_DAYS 90 /* summer is six weeks */
#define DAY_MS ((int64_t)24 * 3600 * 1000)

/* The mailbox of the visitor, if this connection is its consumer. */
static struct box *own_box(const struct visit *visit)
{
    struct box *box = box_find(&visit->engine->boxes, &visit->school->laestab);

    if (box != NULL && box_is_consumer(box, visit->peer))
        return box;
    visit_refuse(visit,
        box != NULL && box->greeted ? REASON_FENCED : REASON_BAD_REQUEST);
    return NULL;
}

/* What the school said of itself at most; what it says now is remembered. */
static struct sighting see(const struct visit *visit)
{
    struct engine *engine = visit->engine;
    const struct laestab *school = &visit->school->laestab;
    const struct sighting now = {visit->talk.incarnation, visit->talk.progress};
    struct sighting known;

    if (sighting_get(&known, engine->db, school, NULL) != 0)
        known = (struct sighting){0, 0};
    if (!sighting_is_less(&known, &now))
        return known;
    (void)drain_see(&engine->drain, school, &now);
    return now;
}

/* Two agents with the same keys must not both go on: the older is told at once,
 * and stops. */
static void fence(const struct visit *visit, const struct box *box)
{
    const struct hubtalk fenced = {
        .kind = HUBTALK_REFUSED, .reason = REASON_FENCED};

    if (!box->greeted || listener_same_peer(&box->peer, visit->peer) ||
        id_equal(&box->session, &visit->talk.session))
        return;
    log_line(visit->engine->log, LOG_WARN,
        "another run of this school's agent took over", "school=%s",
        box->school.text);
    visit_say(visit->engine, &box->peer, &fenced, (struct bytes){NULL, 0});
}

void letters_hello(struct visit *visit)
{
    struct engine *engine = visit->engine;
    const struct directory_content *directory = members_content(visit->members);
    struct hubtalk welcome = {.kind = HUBTALK_WELCOME,
        .session = visit->talk.session,
        .hub = engine->hub,
        .version = directory->version,
        .max_body = HUBTALK_MAX_BODY,
        .time = visit->now->wall,
        .software = MOVEUP_VERSION};
    struct mailbox_use use;
    struct sighting seen;
    struct box *box;

    welcome.protocol = visit->talk.protocol < STREAM_VERSION
                           ? visit->talk.protocol
                           : STREAM_VERSION;
    if (welcome.protocol < STREAM_VERSION ||
        welcome.protocol < directory->minimum_protocol) {
        visit_refuse(visit, REASON_OLD_SCHEMA);
        return;
    }
    mailbox_use(&use, engine->db, &visit->school->laestab, NULL);
    welcome.waiting = use.letters;
    seen = see(visit);
    welcome.incarnation = seen.incarnation;
    welcome.progress = seen.progress;
    welcome.high = engine->high;
    if (!visit_answer(visit, &welcome))
        return; /* a late message of a connection that is gone: it must not
                 * take the mailbox from the one that came after it */
    box = box_open(&engine->boxes, &visit->school->laestab);
    fence(visit, box);
    box_greet(box, visit->peer, &visit->talk.session);
    box->early = visit->talk.early;
    box->parts = visit->talk.parts;
    renewing_came(visit);
    log_line(engine->log, LOG_INFO, "school connected",
        "school=%s waiting=%" PRIu64, visit->school->laestab.text, use.letters);
}

static struct quota_use as_quota(const struct mailbox_use *use)
{
    return (struct quota_use){use->letters, use->bytes};
}

/* May this letter be kept? */
static enum reason judge_letter(const struct visit *visit)
{
    const struct engine *engine = visit->engine;
    const struct header *header = &visit->talk.header;
    const struct directory_school *recipient =
        members_school(visit->members, &header->recipient);
    struct mailbox_use mailbox, sender;

    if (!laestab_equal(&header->author, &visit->school->laestab))
        return REASON_NOT_AUTHOR;
    if (visit->school->status == MEMBER_CLOSED && header->lane != LANE_RECEIPT)
        return REASON_SCHOOL_CLOSED;
    if (recipient != NULL && recipient->status == MEMBER_CLOSED)
        return REASON_SCHOOL_CLOSED;
    if (recipient == NULL || recipient->status != MEMBER_ACTIVE)
        return REASON_UNKNOWN_RECIPIENT;
    if (visit->body.len == 0 || id_is_zero(&visit->talk.id))
        return REASON_BAD_REQUEST;
    if (visit->body.len > HUBTALK_MAX_BODY)
        return REASON_TOO_LARGE;
    mailbox_use(&mailbox, engine->db, &header->recipient, NULL);
    mailbox_use(&sender, engine->db, NULL, &header->author);
    return quota_check(engine->settings,
        &(struct quota_question){.lane = header->lane,
            .bytes = visit->body.len,
            .mailbox = as_quota(&mailbox),
            .sender = as_quota(&sender),
            .free_disk = engine->callbacks.free_disk(engine->callbacks.arg)});
}

static wall expiry_of(const struct visit *visit)
{
    int64_t days = visit->talk.header.ttl_days;

    if (days > visit->engine->settings->mail_days)
        days = visit->engine->settings->mail_days;
    if (days < LEAST_MAIL_DAYS)
        days = LEAST_MAIL_DAYS;
    return (wall){visit->now->wall.ms + days * DAY_MS};
}

/* A fenced agent's letters could carry numbers that the other has used too. */
static bool is_fenced(const struct visit *visit)
{
    const struct box *box =
        box_find(&visit->engine->boxes, &visit->school->laestab);

    return box != NULL && box->greeted && !box_is_consumer(box, visit->peer);
}

/* With it, how far its author has come: one whose whole folder is put back as
 * it was finds out here before it uses a number twice. */
static enum reason keep_letter(
    const struct visit *visit, struct fresh_letter *letter)
{
    struct drain *drain = &visit->engine->drain;
    const struct sighting now = {visit->talk.incarnation, visit->talk.progress};
    const enum reason reason =
        drain_put(drain, letter, visit->now->wall, expiry_of(visit));

    if (reason == REASON_NONE && (now.incarnation > 0 || now.progress > 0))
        (void)drain_see(drain, &visit->school->laestab, &now);
    return reason;
}

static bool is_senseless(enum reason reason)
{
    return reason == REASON_NOT_AUTHOR || reason == REASON_BAD_REQUEST ||
           reason == REASON_TOO_LARGE;
}

void letters_put(struct visit *visit)
{
    struct engine *engine = visit->engine;
    struct fresh_letter letter = {.envelope = visit->talk.id,
        .origin = visit->talk.origin,
        .header = visit->talk.header,
        .sealed = visit->body};
    enum reason reason = judge_letter(visit);
    struct box *box;

    if (is_fenced(visit)) {
        visit_refuse(visit, REASON_FENCED);
        return;
    }
    if (is_senseless(reason))
        visit_count(visit, reason);
    if (reason == REASON_NONE)
        reason = keep_letter(visit, &letter);
    else
        log_line(engine->log, LOG_WARN, "refused a letter",
            "author=%s recipient=%s reason=%s", visit->school->laestab.text,
            letter.header.recipient.text, reason_code(reason));
    drain_answer(&engine->drain,
        &(struct drain_reply){*visit->peer, visit->talk.id, letter.cursor,
            reason, visit->school->laestab, letter.header, visit->body.len});
    box = box_find(&engine->boxes, &letter.header.recipient);
    if (box != NULL)
        box->dirty = box->fetching;
}

void letters_fetch(struct visit *visit)
{
    struct box *box = own_box(visit);

    if (box != NULL)
        box_fetch(box, visit->talk.cursor,
            visit->talk.credit < ENGINE_MAX_CREDIT ? visit->talk.credit
                                                   : ENGINE_MAX_CREDIT);
}

void letters_ack(struct visit *visit)
{
    struct box *box = own_box(visit);
    struct mailbox_arrival arrival = {
        .cursor = visit->talk.cursor, .at = visit->now->wall};

    if (box == NULL)
        return;
    arrival.recipient = box->school;
    arrival.handed = box_handed(box, arrival.cursor);
    if (drain_ack(&visit->engine->drain, &arrival)) {
        visit->engine->counts.acknowledged++;
        box_acked(box, visit->talk.cursor);
    }
}
