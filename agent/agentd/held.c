#include "agentd/held.h"

#include "agentd/agent.h"
#include "agentd/blob.h"
#include "agentd/roll.h"
#include "agentd/sender.h"
#include "base/err.h"
#include "record/merge.h"
#include "store/inbox.h"
#include "wire/record.h"

static bool is_in_force(const struct leaver *leaver)
{
    for (size_t i = 0; i < leaver->restriction_count; i++)
        if (leaver->restrictions[i].ended.ms == 0)
            return true;
    return false;
}

struct telling {
    struct agent *agent;
    const struct laestab *author;
    struct err *err;
};

static int tell_one(void *arg, const struct inbox_record *row)
{
    struct telling *t = arg;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    struct batch_item item = {.kind = ITEM_HELD};
    struct leaver leaver;
    uint64_t first;
    int64_t stream;
    int rc;

    if (!laestab_equal(&row->author, t->author))
        return 0;
    rc = blob_open(
        &leaver, t->agent, BLOB_RECORD, row->id, row->sealed, &arena, t->err);
    if (rc < 0 || !is_in_force(&leaver))
        return rc;
    rc = record_encode(&plain, &leaver, t->err);
    item.u.leaver.upn = leaver.upn;
    item.u.leaver.revision = row->revision;
    item.u.leaver.record = buf_bytes(&plain);
    return rc < 0 ? rc
                  : sender_append(t->agent, &first, &stream, t->author,
                        LANE_URGENT, &item, 1, t->err);
}

int held_tell(
    struct agent *agent, const struct laestab *author, struct err *err)
{
    struct telling t = {agent, author, err};

    return inbox_each_record(agent->db, 0, tell_one, &t, err);
}

int held_take(struct agent *agent, const struct laestab *recipient,
    const struct batch_item *item, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct leavers_row row;
    struct leaver ours;
    struct leaver theirs;
    size_t count;
    int rc = record_decode(&theirs, item->u.leaver.record, &arena, err);

    if (rc == 0)
        rc = roll_find(&row, &ours, agent, theirs.upn, &arena, err);
    if (rc == ERR_NOT_FOUND || rc == ERR_MALFORMED || rc == ERR_TOO_BIG)
        return 0;
    if (rc < 0 || !laestab_equal(&row.destination, recipient) ||
        row.recalled_at.ms != 0)
        return rc;
    count = merge_restrictions(&ours, &theirs, &arena);
    if (count == 0)
        return 0;
    log_line(&agent->log, LOG_WARN,
        "restrictions that this school forgot are taken over",
        "from=%s count=%zu", recipient->text, count);
    return roll_store(agent, &row, &ours, err);
}
