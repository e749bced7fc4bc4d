#include "agentd/upkeep.h"

#include "agentd/agent.h"
#include "agentd/keys.h"
#include "agentd/sender.h"
#include "agentd/snapshot.h"
#include "base/err.h"
#include "store/compact.h"
#include "store/heartbeat.h"
#include "store/heldback.h"
#include "store/resend.h"

#define HOUR_MS (INT64_C(3600) * 1000)
#define MAX_DUE 64 /* more beat the next time */

static int resend(struct agent *agent, wall now, struct err *err)
{
    const int count = resend_overdue(
        agent->db, now, agent->settings.resend_hours * HOUR_MS, err);

    if (count > 0)
        log_line(&agent->log, LOG_WARN,
            "a hub took letters long ago and no receipt came: sending again",
            "count=%d", count);
    return count;
}

/* A school that the directory does not list now cannot be sealed for; it is
 * passed over. */
static int beat(
    struct agent *agent, const struct heartbeat_due *due, struct err *err)
{
    struct batch_item item = {.kind = ITEM_HEARTBEAT};
    struct err why = {.text = ""};
    int64_t stream;
    uint64_t first;
    const int rc = sender_append(
        agent, &first, &stream, &due->recipient, due->lane, &item, 1, &why);

    if (rc == ERR_DENIED || rc == ERR_NOT_FOUND || rc == ERR_CERTIFICATE)
        return 0;
    if (rc < 0)
        return err_set(err, why.code, "%s", why.text);
    return heartbeat_mark(agent->db, stream, first, err);
}

static int beat_all(struct agent *agent, wall now, struct err *err)
{
    struct heartbeat_due due[MAX_DUE];
    const int count = heartbeat_due(due, MAX_DUE, agent->db, now,
        agent->settings.heartbeat_hours * HOUR_MS, err);

    for (int i = 0; i < count; i++) {
        const int rc = beat(agent, &due[i], err);

        if (rc < 0)
            return rc;
    }
    return count;
}

int upkeep_run(struct agent *agent, wall now, struct err *err)
{
    int rc = db_begin(agent->db, err);
    int again = 0, beats = 0;

    if (rc < 0)
        return rc;
    again = rc = snapshot_send_owed(agent, err);
    if (rc >= 0) {
        rc = resend(agent, now, err);
        again += rc;
    }
    if (rc >= 0)
        beats = rc = beat_all(agent, now, err);
    if (rc >= 0)
        rc = keys_upkeep(agent, now, err);
    if (rc >= 0)
        rc = db_commit(agent->db, err);
    if (rc < 0) {
        db_rollback(agent->db);
        return rc;
    }
    return again + beats;
}

int upkeep_compact(bool *more, struct agent *agent, wall now, struct err *err)
{
    int count;
    int rc = db_begin(agent->db, err);

    *more = false;
    if (rc < 0)
        return rc;
    count = rc = compact_run(agent->db, now, err);
    if (rc >= 0 && rc < COMPACT_ROWS) /* the last piece */
        rc = heldback_forget(agent->db, err);
    if (rc >= 0)
        rc = db_commit(agent->db, err);
    if (rc < 0) {
        db_rollback(agent->db);
        return rc;
    }
    *more = count >= COMPACT_ROWS;
    return 0;
}
