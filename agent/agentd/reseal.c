#include "agentd/reseal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/snapshot.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/resend.h"
#include "store/retries.h"

#define MS_A_DAY (24 * 3600 * 1000)
#define DAY_SIZE 24

bool reseal_may_mend(enum reason reason)
{
    return reason == REASON_CANNOT_DECRYPT || reason == REASON_BAD_SIGNATURE ||
           reason == REASON_NOT_AUTHENTICATED ||
           reason == REASON_HEADER_MISMATCH || reason == REASON_BAD_HEADER;
}

/* The first of this day for this school?  It is noted. */
static int is_first_today(bool *first, struct db *db,
    const struct laestab *peer, int64_t day, struct err *err)
{
    SCOPED(mem_freep) char *key = mem_format("resealed %s", peer->text);
    char last[DAY_SIZE] = "";
    char today[DAY_SIZE];
    int rc = db_get(db, key, last, sizeof last, err);

    snprintf(today, sizeof today, "%" PRId64, day);
    *first = rc == 0 && strcmp(last, today) != 0;
    return rc < 0 || !*first ? rc : db_set(db, key, today, err);
}

static int send_anew(bool *again, struct agent *agent, int64_t stream_id,
    int64_t day, struct err *err)
{
    struct outbox_stream stream;
    int rc = outbox_stream(&stream, agent->db, stream_id, err);

    if (rc == 0)
        rc = is_first_today(again, agent->db, &stream.recipient, day, err);
    return rc < 0 || !*again ? rc
                             : snapshot_send(agent, &stream.recipient, err);
}

int reseal_batch(bool *again, struct agent *agent,
    const struct outbox_batch *batch, wall now, struct err *err)
{
    const int64_t day = now.ms / MS_A_DAY;
    int64_t count;
    int rc = retries_count(&count, agent->db, batch->id, day, err);

    *again = false;
    if (rc < 0)
        return rc;
    if (count > 1)
        return send_anew(again, agent, batch->stream, day, err);
    rc = resend_range(agent->db, batch->stream, batch->first, batch->last, err);
    *again = rc > 0;
    return rc < 0 ? rc : 0;
}
