#include "agentd/reseal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/recall.h"
#include "agentd/sender.h"
#include "agentd/travel.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/retries.h"

#define MS_A_DAY (24 * 3600 * 1000)

/* A batch that is put together again. */
struct rebuild {
    struct agent *agent;
    const struct outbox_batch *batch;
    struct err *err;
    struct arena arena;
    struct batch_item items[BATCH_MAX_ITEMS];
    size_t count;
};

static void rebuild_freep(struct rebuild **rebuild)
{
    arena_free(&(*rebuild)->arena);
    free(*rebuild);
}

bool reseal_may_mend(enum reason reason)
{
    return reason == REASON_CANNOT_DECRYPT || reason == REASON_BAD_SIGNATURE ||
           reason == REASON_NOT_AUTHENTICATED ||
           reason == REASON_HEADER_MISMATCH || reason == REASON_BAD_HEADER;
}

/* A record that was changed since is another content: the digest will say so.
 */
static int add_leaver(void *arg, const struct leavers_row *row)
{
    struct rebuild *r = arg;
    const uint64_t at = row->seq - r->batch->first;

    if (at >= r->count || row->recalled_at.ms != 0)
        return 0;
    return travel_item(&r->items[at], &r->arena, r->agent, row, r->err);
}

static int gather(struct rebuild *r)
{
    const struct outbox_batch *batch = r->batch;
    const struct leavers_range range = {
        batch->stream, batch->first, batch->last};
    int rc;

    r->count = (size_t)(batch->last - batch->first + 1);
    for (size_t i = 0; i < r->count; i++)
        r->items[i].kind = ITEM_HEARTBEAT;
    rc = leavers_each_sent(r->agent->db, &range, add_leaver, r, r->err);
    if (rc == 0)
        rc = recall_rebuild(r->items, &r->arena, r->agent, &range, r->err);
    return rc;
}

static int seal(struct sender_letter *letter, struct rebuild *r,
    const struct outbox_stream *stream, struct err *err)
{
    const struct outbox_batch *old = r->batch;
    struct batch batch = {
        .header = {STREAM_VERSION, r->agent->identity->laestab,
            stream->recipient, stream->lane, stream->epoch, old->first,
            old->last, STREAM_TTL_DAYS},
        .created = old->created_at,
        .items = r->items,
    };
    int rc = gather(r);

    batch.count = r->count;
    if (rc == 0)
        rc = retries_previous(
            &batch.previous, r->agent->db, old->stream, old->first, err);
    return rc < 0 ? rc : sender_seal(letter, r->agent, &batch, err);
}

/* *done is false if it cannot be made again as it was. */
static int make_again(bool *done, struct agent *agent,
    const struct outbox_batch *batch, struct err *err)
{
    SCOPED(sender_letter_free) struct sender_letter letter = {.content = {{0}}};
    SCOPED(rebuild_freep) struct rebuild *r = mem_alloc(sizeof *r);
    struct outbox_stream stream;
    int rc = outbox_stream(&stream, agent->db, batch->stream, err);

    *done = false;
    r->agent = agent;
    r->batch = batch;
    r->err = err;
    if (rc == 0)
        rc = seal(&letter, r, &stream, err);
    if (rc == ERR_NOT_FOUND || rc == ERR_DENIED || rc == ERR_CERTIFICATE ||
        rc == ERR_TOO_BIG)
        return 0;
    if (rc < 0 ||
        memcmp(&letter.content, &batch->content, sizeof batch->content) != 0)
        return rc;
    *done = true;
    const struct retries_letter fresh = {
        letter.envelope, buf_bytes(&letter.header), buf_bytes(&letter.sealed)};

    return retries_replace(agent->db, batch->id, &fresh, err);
}

int reseal_batch(bool *again, struct agent *agent,
    const struct outbox_batch *batch, wall now, struct err *err)
{
    int64_t count;
    int rc =
        retries_count(&count, agent->db, batch->id, now.ms / MS_A_DAY, err);

    *again = false;
    if (rc < 0 || count > RESEAL_A_DAY)
        return rc;
    if (count > 1)
        return make_again(again, agent, batch, err);
    rc = outbox_again(agent->db, batch->stream, batch->first, batch->last, err);
    *again = rc > 0;
    return rc < 0 ? rc : 0;
}
