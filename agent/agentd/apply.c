#include "agentd/apply.h"

#include "agentd/agent.h"
#include "agentd/arrival.h"
#include "agentd/asks.h"
#include "agentd/bury.h"
#include "agentd/forgotten.h"
#include "agentd/noticeboard.h"
#include "agentd/progress.h"
#include "agentd/recall.h"
#include "agentd/reply.h"
#include "agentd/spare.h"
#include "base/err.h"

static int apply_read(struct agent *agent, const struct laestab *author,
    const struct batch_item *item, struct err *err)
{
    struct tag tag;
    int rc;

    agent_upn_tag(&tag, agent, item->u.read.upn);
    rc = leavers_mark_read(agent->db, &tag, author, item->u.read.revision,
        item->u.read.role, item->u.read.at, err);
    return rc == ERR_NOT_FOUND ? 0 : rc;
}

static enum reason wait_for_a_person(
    const struct apply_letter *letter, struct err *err)
{
    (void)err_set(err, ERR_STATE,
        "would have %zu of the %zu records from there destroyed here",
        letter->spared, letter->of);
    return REASON_MASS_RECALL;
}

int apply_item(enum reason *reason, struct agent *agent,
    struct apply_letter *letter, const struct batch_item *item, struct err *err)
{
    const struct laestab *author = &letter->batch->header.author;

    *reason = REASON_NONE;
    switch (item->kind) {
    case ITEM_LEAVER:
        return arrival_take(reason, agent, letter, item, err);
    case ITEM_READ:
        return apply_read(agent, author, item, err);
    case ITEM_TOMBSTONE:
        if (letter->spared > 0 && spare_may_wait(letter->batch, item)) {
            *reason = wait_for_a_person(letter, err);
            return 0;
        }
        return bury_record(&letter->destroyed, agent, author, item, err);
    case ITEM_DESTROYED:
        return recall_confirmed(agent, author, item, letter->signed_batch, err);
    case ITEM_REQUEST:
        return asks_take(agent, author, item, err);
    case ITEM_ANSWER:
        return reply_take(reason, agent, author, item, err);
    case ITEM_FAMILY:
        return progress_heard(agent, letter->batch, item, err);
    case ITEM_HELD:
        return forgotten_take(agent, author, item, err);
    case ITEM_DIARY:
        return noticeboard_heard(agent, letter->batch, item, err);
    case ITEM_HEARTBEAT:
        return 0;
    case ITEM_RECEIPT:
    case ITEM_REFUSAL:
        break;
    }
    (void)err_set(err, ERR_MALFORMED, "a receipt in a lane of records");
    *reason = REASON_BAD_BATCH;
    return 0;
}
