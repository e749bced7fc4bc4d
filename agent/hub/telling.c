#include "hub/telling.h"

#include "base/err.h"
#include "base/log.h"
#include "hub/attested.h"
#include "hub/visit.h"
#include "store/notice.h"
#include "wire/envelope.h"

static void say(struct engine *engine, struct box *box,
    const struct notice *notice, wall now)
{
    SCOPED(buf_free) struct buf is_signed = BUF_EMPTY;
    struct hubtalk talk = {.kind = HUBTALK_NOTICE,
        .id = notice->envelope,
        .reason = notice->reason,
        .time = notice->at};

    if (envelope_decode(&talk.header, notice->header, NULL) != 0)
        return; /* damaged: forgotten by time */
    attested_notice(&is_signed, engine, notice, &talk.header, now);
    visit_say(engine, &box->peer, &talk, buf_bytes(&is_signed));
    box->telling++;
}

void telling_send(struct engine *engine, struct box *box, wall now)
{
    struct notice notices[TELLING_MAX];
    struct err err;
    int count;

    if (!box->tell || box->telling > 0 || !box->greeted)
        return;
    box->tell = false;
    arena_clear(&engine->arena);
    count = notice_untold(
        notices, TELLING_MAX, engine->db, &box->school, &engine->arena, &err);
    if (count < 0)
        log_line(engine->log, LOG_ERROR, "cannot read notices",
            "school=%s why=\"%s\"", box->school.text, err.text);
    for (int i = 0; i < count; i++)
        say(engine, box, &notices[i], now);
}

void telling_all(struct engine *engine, wall now)
{
    for (size_t i = 0; i < engine->boxes.count; i++) {
        struct box *box = engine->boxes.boxes[i];

        box->telling = 0;
        box->tell = true;
        telling_send(engine, box, now);
    }
}

void telling_noted(struct visit *visit)
{
    struct engine *engine = visit->engine;
    struct box *box = box_find(&engine->boxes, &visit->school->laestab);

    if (!drain_noted(&engine->drain, &visit->school->laestab, &visit->talk.id,
            visit->talk.reason) ||
        box == NULL || !box_is_consumer(box, visit->peer) || box->telling == 0)
        return;
    box->telling--;
    box->tell = box->tell || box->telling == 0;
}
