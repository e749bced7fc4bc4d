#include "hub/notices.h"

#include <inttypes.h>

#include "base/err.h"
#include "base/log.h"
#include "hub/renewing.h"
#include "hub/visit.h"

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

void notices_publish(struct visit *visit)
{
    struct engine *engine = visit->engine;
    struct hubtalk done = {.kind = HUBTALK_PUBLISH_DONE};
    struct err err = {.text = ""};
    int rc;

    rc = engine->callbacks.publish(
        engine->callbacks.arg, visit->body, visit->now->wall, &err);
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
