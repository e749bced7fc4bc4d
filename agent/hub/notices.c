#include "hub/notices.h"

#include <inttypes.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "hub/renewing.h"
#include "hub/visit.h"

/* Small enough to go in one to everybody, or to somebody who takes parts. */
static bool takes_parts(const struct visit *visit, size_t len)
{
    const struct box *box;

    if (visit->administrator)
        return len > HUBTALK_MAX_BODY;
    box = box_find(&visit->engine->boxes, &visit->school->laestab);
    return box != NULL && box_is_consumer(box, visit->peer) && box->parts &&
           len > HUBTALK_PART;
}

/* The part that was asked for, or the first of the newest. */
static struct bytes part_of(
    struct hubtalk *talk, const struct visit *visit, struct bytes whole)
{
    const size_t most = visit->administrator ? HUBTALK_MAX_BODY : HUBTALK_PART;
    size_t len;

    talk->total = whole.len;
    if (visit->talk.of == talk->version && visit->talk.offset < whole.len)
        talk->offset = visit->talk.offset;
    len = whole.len - talk->offset;
    return (struct bytes){whole.data + talk->offset, len < most ? len : most};
}

void notices_directory(struct visit *visit)
{
    const struct engine_callbacks *callbacks = &visit->engine->callbacks;
    const uint64_t has = visit->talk.version;
    struct hubtalk talk = {.kind = HUBTALK_DIRECTORY_IS};
    struct bytes body = {NULL, 0};

    if (callbacks->bridge != NULL)
        body = callbacks->bridge(callbacks->arg, &talk.version);
    if (body.len == 0 || has >= talk.version) {
        talk.version = members_version(visit->members);
        body = has < talk.version ? members_signed(visit->members)
                                  : (struct bytes){NULL, 0};
    }
    if (takes_parts(visit, body.len)) {
        body = part_of(&talk, visit, body);
    } else if (body.len > HUBTALK_MAX_BODY) {
        /* An older agent: it goes on with what it has. */
        talk.version = has;
        body = (struct bytes){NULL, 0};
    }
    visit_say(visit->engine, visit->peer, &talk, body);
}

static enum reason reason_of_refusal(int code)
{
    switch (code) {
    case 0:
    case ERR_EXISTS: /* we have it: asked twice, answered as the first time */
        return REASON_NONE;
    case ERR_STATE:
        return REASON_OLD_DIRECTORY;
    case ERR_TOO_BIG:
        return REASON_TOO_LARGE;
    case ERR_SIGNATURE:
    case ERR_CERTIFICATE:
        return REASON_BAD_SIGNATURE;
    case ERR_IO:
    case ERR_FULL:
        return REASON_DISK_FULL;
    default:
        return REASON_BAD_REQUEST;
    }
}

/* Tell everyone who is connected that there is a newer directory; whom it does
 * not list any more gets no more mail. */
static void announce(struct engine *engine, wall now)
{
    const struct members *members =
        engine->callbacks.members(engine->callbacks.arg);
    const struct hubtalk talk = {
        .kind = HUBTALK_DIRECTORY_IS, .version = members_version(members)};

    for (size_t i = 0; i < engine->boxes.count; i++) {
        struct box *box = engine->boxes.boxes[i];
        const struct directory_school *school;

        if (!box->greeted)
            continue;
        school = renewing_admits(engine, members, box->peer.curve_key, now);
        if (school == NULL || !laestab_equal(&school->laestab, &box->school))
            box_leave(box);
        else
            visit_say(engine, &box->peer, &talk, (struct bytes){NULL, 0});
    }
}

/* Add a part to what came before.  True: it is the last, or was the whole, and
 * *whole is the directory; else it was answered. */
static bool gather(struct bytes *whole, struct visit *visit)
{
    struct hub_gathering *so_far = &visit->engine->gathering;
    const struct hubtalk *talk = &visit->talk;
    struct hubtalk done = {.kind = HUBTALK_PUBLISH_DONE,
        .version = members_version(visit->members)};

    *whole = visit->body;
    if (talk->total == 0)
        return true;
    if (talk->offset == 0) {
        buf_clear(&so_far->bytes);
        memcpy(so_far->curve_key, visit->peer->curve_key,
            sizeof so_far->curve_key);
    }
    if (talk->total > MEMBERS_MAX_SIGNED)
        done.reason = REASON_TOO_LARGE;
    else if (visit->body.len == 0 || so_far->bytes.len != talk->offset ||
             strcmp(so_far->curve_key, visit->peer->curve_key) != 0 ||
             visit->body.len > talk->total - talk->offset)
        done.reason = REASON_BAD_REQUEST;
    if (done.reason == REASON_NONE)
        buf_add(&so_far->bytes, visit->body);
    *whole = buf_bytes(&so_far->bytes);
    if (done.reason == REASON_NONE && whole->len == talk->total)
        return true;
    visit_answer(visit, &done);
    return false;
}

void notices_publish(struct visit *visit)
{
    struct engine *engine = visit->engine;
    struct hubtalk done = {.kind = HUBTALK_PUBLISH_DONE};
    struct err err = {.text = ""};
    struct bytes whole;
    int rc;

    if (!gather(&whole, visit))
        return;
    rc = engine->callbacks.publish(
        engine->callbacks.arg, whole, visit->now->wall, &err);
    buf_free(&engine->gathering.bytes);
    visit->members = engine->callbacks.members(engine->callbacks.arg);
    visit->school = NULL; /* it was of the directory before */
    done.reason = reason_of_refusal(rc);
    done.version = members_version(visit->members);
    visit_answer(visit, &done);
    if (rc == 0) {
        log_line(engine->log, LOG_INFO, "new directory", "version=%" PRIu64,
            done.version);
        announce(engine, visit->now->wall);
    } else if (done.reason != REASON_NONE) {
        log_line(engine->log, LOG_WARN, "refused a directory", "why=\"%s\"",
            err.text);
    }
}
