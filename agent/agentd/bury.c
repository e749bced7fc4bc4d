#include "agentd/bury.h"

#include "agentd/agent.h"
#include "agentd/sender.h"
#include "base/err.h"
#include "store/inbox.h"
#include "store/people.h"
#include "store/tombstones.h"

/* A UPN is replaced once or twice in a child's life. */
#define MAX_UPNS 8

static int covers(uint64_t *found, struct agent *agent,
    const struct laestab *author, const struct tag *tag, uint64_t revision,
    struct err *err)
{
    struct tombstone known;
    int rc;

    *found = 0;
    rc = tombstones_find(&known, agent->db, author, tag, err);
    if (rc == 0 && revision <= known.revision)
        *found = known.revision;
    return rc == ERR_NOT_FOUND ? 0 : rc;
}

int bury_covers(uint64_t *revision, struct agent *agent,
    const struct laestab *author, const struct bury_names *names,
    uint64_t offered, struct err *err)
{
    int rc = covers(revision, agent, author, &names->own, offered, err);

    if (rc < 0 || *revision != 0 || !names->renamed)
        return rc;
    return covers(revision, agent, author, &names->former, offered, err);
}

int bury_former(struct agent *agent, const struct laestab *author,
    const struct bury_names *names, uint64_t revision, struct err *err)
{
    const struct tombstone former = {.author = *author,
        .tag = names->former,
        .revision = revision,
        .at = clock_wall(),
        .became = names->own,
        .moved = true};

    return tombstones_put(agent->db, &former, err);
}

/* A tombstone under this tag, and under those that it became.  *tag is the last
 * of them: the one that a record would be here under. */
static int put_tombstones(struct agent *agent, const struct laestab *author,
    struct tag *tag, uint64_t revision, struct err *err)
{
    struct tombstone fresh = {
        .author = *author, .revision = revision, .at = clock_wall()};
    struct tombstone known = {.moved = true};
    int rc = 0;

    for (int i = 0; rc == 0 && known.moved && i < MAX_UPNS; i++) {
        fresh.tag = *tag;
        rc = tombstones_put(agent->db, &fresh, err);
        if (rc == 0)
            rc = tombstones_find(&known, agent->db, author, tag, err);
        if (rc == 0 && known.moved)
            *tag = known.became;
    }
    return rc;
}

/* The author waits for this; without a valid certificate of it, it learns from
 * the receipt alone. */
static int confirm(struct agent *agent, const struct laestab *author,
    const struct batch_item *tombstone, struct err *err)
{
    struct batch_item item = {.kind = ITEM_DESTROYED,
        .u.destroyed = {tombstone->u.tombstone.upn,
            tombstone->u.tombstone.revision, clock_wall()}};
    uint64_t first;
    int64_t stream;
    const int rc = sender_append(
        agent, &first, &stream, author, LANE_NORMAL, &item, 1, err);

    if (rc != ERR_DENIED && rc != ERR_NOT_FOUND && rc != ERR_CERTIFICATE)
        return rc;
    log_line(&agent->log, LOG_WARN, "no confirmation can be sealed",
        "to=%s reason=\"%s\"", author->text, err->text);
    return 0;
}

static int destroy(struct agent *agent, const struct inbox_record *row,
    enum tombstone_kind kind, struct err *err)
{
    int rc = tombstones_destroy(agent->db, row->id, row->family, err);

    log_line(&agent->log, LOG_INFO, "a record was recalled and destroyed",
        "from=%s", row->author.text);
    return rc < 0 ? rc
                  : people_audit(agent->db, clock_wall(), "agent",
                        "record.destroyed", &row->tag, row->family,
                        kind == TOMBSTONE_MOVED
                            ? "recalled: the child goes to another school"
                            : "recalled by the sending school",
                        err);
}

int bury_record(bool *destroyed, struct agent *agent,
    const struct laestab *author, const struct batch_item *item,
    struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    const uint64_t revision = item->u.tombstone.revision;
    struct inbox_record row;
    struct tag tag;
    int rc;

    agent_upn_tag(&tag, agent, item->u.tombstone.upn);
    rc = put_tombstones(agent, author, &tag, revision, err);
    if (rc < 0)
        return rc;
    rc = inbox_find_record(&row, agent->db, &tag, &arena, err);
    if (rc < 0 && rc != ERR_NOT_FOUND)
        return rc;
    if (rc == 0 && laestab_equal(&row.author, author)) {
        if (row.revision > revision)
            return 0; /* it was sent again since */
        rc = destroy(agent, &row, item->u.tombstone.kind, err);
        if (rc < 0)
            return rc;
        *destroyed = true;
    }
    return confirm(agent, author, item, err);
}
