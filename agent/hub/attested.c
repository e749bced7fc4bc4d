#include "hub/attested.h"

#include "base/err.h"
#include "base/log.h"
#include "hub/visit.h"
#include "store/notice.h"
#include "store/traces.h"

void attested_sign(
    struct buf *out, struct engine *engine, const struct attest *attest)
{
    const struct engine_callbacks *callbacks = &engine->callbacks;
    struct err err;
    int rc;

    if (callbacks->attest == NULL)
        return;
    rc = callbacks->attest(callbacks->arg, out, attest, &err);
    if (rc < 0 && rc != ERR_NOT_FOUND)
        log_line(engine->log, LOG_ERROR, "cannot sign what the hub attests",
            "why=\"%s\"", err.text);
}

void attested_notice(struct buf *out, struct engine *engine,
    const struct notice *notice, const struct header *header, wall now)
{
    struct attest attest = {.hub = "",
        .time = now,
        .id = notice->envelope,
        .header = *header,
        .size = notice->bytes};

    if (notice->put_at.ms != 0)
        attest.events[attest.count++] =
            (struct attest_event){.kind = ATTEST_PUT, .at = notice->put_at};
    attest.events[attest.count++] = (struct attest_event){
        .kind =
            notice->reason == REASON_EXPIRED ? ATTEST_EXPIRED : ATTEST_EXPIRING,
        .at = notice->at};
    attested_sign(out, engine, &attest);
}

void attested_refusal(struct buf *out, struct engine *engine,
    const struct drain_reply *reply, const struct engine_now *now)
{
    const struct attest attest = {.hub = "",
        .time = now->wall,
        .id = reply->envelope,
        .header = reply->header,
        .size = reply->size,
        .events = {{ATTEST_REFUSED, now->wall, reply->reason}},
        .count = 1};

    engine->refusals.rows[engine->refusals.next++ % ATTESTED_MAX_REFUSALS] =
        attest;
    if (watch_may(&watch_of(&engine->watch, &reply->school)->signs,
            WATCH_MAX_SIGNED, now->mono))
        attested_sign(out, engine, &attest);
}

static void add(struct attest *attest, enum attest_kind kind, wall at)
{
    if (at.ms != 0)
        attest->events[attest->count++] =
            (struct attest_event){.kind = kind, .at = at};
}

struct attest attested_trail(const struct engine *engine,
    const struct traces_letter *letter, const struct header *header)
{
    const struct box *box = box_find(&engine->boxes, &letter->recipient);
    struct attest attest = {.hub = "",
        .id = letter->envelope,
        .header = *header,
        .size = letter->bytes};

    add(&attest, ATTEST_PUT, letter->put_at);
    add(&attest, ATTEST_HANDED,
        letter->waits && box != NULL ? box_handed(box, letter->cursor)
                                     : letter->handed_at);
    add(&attest, ATTEST_ACKNOWLEDGED, letter->acked_at);
    add(&attest, ATTEST_SUPERSEDED, letter->superseded_at);
    add(&attest, ATTEST_EXPIRED, letter->expired_at);
    if (letter->waits)
        add(&attest, ATTEST_EXPIRING, letter->expires_at);
    return attest;
}

void attested_write(struct buf *is_signed, struct buf *plain,
    struct engine *engine, const struct attest *attest)
{
    struct err err;

    attested_sign(is_signed, engine, attest);
    if (is_signed->len == 0 && attest_encode(plain, attest, &err) < 0)
        log_line(
            engine->log, LOG_ERROR, "cannot attest", "why=\"%s\"", err.text);
}
