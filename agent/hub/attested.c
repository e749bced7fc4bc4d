#include "hub/attested.h"

#include "base/err.h"
#include "base/log.h"
#include "hub/visit.h"
#include "store/notice.h"

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

    if (watch_may(&watch_of(&engine->watch, &reply->school)->signs,
            WATCH_MAX_SIGNED, now->mono))
        attested_sign(out, engine, &attest);
}
