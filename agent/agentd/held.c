#include "agentd/held.h"

#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/blob.h"
#include "agentd/incarnation.h"
#include "agentd/roll.h"
#include "agentd/sender.h"
#include "base/err.h"
#include "base/mem.h"
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

static bool is_known(const struct leaver *ours, const struct id *id)
{
    for (size_t i = 0; i < ours->restriction_count; i++)
        if (id_equal(&ours->restrictions[i].id, id))
            return true;
    return false;
}

/* Ours with what theirs has more.  A contact that we do not know cannot be
 * named: then the whole pupil is restricted, which hides more and never less.
 */
static size_t add_unknown(
    struct leaver *ours, const struct leaver *theirs, struct arena *arena)
{
    const size_t before = ours->restriction_count;
    struct restriction *all = arena_take(
        arena, (before + theirs->restriction_count + 1) * sizeof *all);

    if (before > 0)
        memcpy(all, ours->restrictions, before * sizeof *all);
    for (size_t i = 0; i < theirs->restriction_count; i++) {
        struct restriction one = theirs->restrictions[i];

        if (one.ended.ms != 0 || is_known(ours, &one.id) ||
            ours->restriction_count == LEAVER_MAX_RESTRICTIONS)
            continue;
        if (leaver_contact(ours, one.contact) == NULL)
            one.contact = 0;
        all[ours->restriction_count++] = one;
    }
    ours->restrictions = all;
    return ours->restriction_count - before;
}

static int take_over(struct agent *agent, struct leavers_row *row,
    struct leaver *ours, size_t count, struct err *err)
{
    int rc;

    log_line(&agent->log, LOG_WARN,
        "restrictions that this school forgot are taken over",
        "from=%s count=%zu", row->destination.text, count);
    row->revision = incarnation_next_revision(agent, row->revision);
    rc = roll_store(agent, row, ours, err);
    return rc < 0 ? rc
                  : sender_append_leaver(agent, LANE_URGENT, &row->tag, err);
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
    count = add_unknown(&ours, &theirs, &arena);
    return count == 0 ? 0 : take_over(agent, &row, &ours, count, err);
}
