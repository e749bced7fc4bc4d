#include "agentd/succeed.h"

#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/blob.h"
#include "agentd/incarnation.h"
#include "agentd/post.h"
#include "agentd/roll.h"
#include "agentd/sender.h"
#include "agentd/snapshot.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/asked.h"
#include "store/people.h"
#include "trust/succession.h"

/* The leavers of one closed school. */
struct moving {
    struct laestab from, to;
    struct tag *tags;
    size_t count;
    struct sender_row *sent; /* those that the old school had, or was to have */
    size_t sent_count;
};

static void moving_end(struct moving *m)
{
    free(m->tags);
    free(m->sent);
}

static int note(void *arg, const struct leavers_row *row)
{
    struct moving *m = arg;

    if (row->recalled_at.ms != 0)
        return 0;
    m->tags = mem_resize(m->tags, m->count + 1, sizeof m->tags[0]);
    m->tags[m->count++] = row->tag;
    return 0;
}

/* The row as if it had never been sent, for the school that follows. */
static int move_one(
    struct moving *m, struct agent *agent, size_t i, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct leavers_row row;
    struct leaver leaver;
    int rc = leavers_find(&row, agent->db, &m->tags[i], &arena, err);

    if (rc == 0)
        rc = blob_open(
            &leaver, agent, BLOB_LEAVER, row.id, row.sealed, &arena, err);
    if (rc < 0)
        return rc;
    if (row.sent_revision > 0)
        m->sent[m->sent_count++] = (struct sender_row){row.id, m->to};
    leaver.destination = m->to;
    row.revision = incarnation_next_revision(agent, row.revision);
    row.typed = true;
    row.stream = 0;
    row.seq = row.sent_revision = row.read_revision = 0;
    row.read_at = (wall){0};
    row.read_role[0] = '\0';
    row.sent_as = (struct tag){{0}};
    rc = roll_store(agent, &row, &leaver, err);
    return rc < 0 ? rc
                  : people_audit(agent->db, clock_wall(), "", "dest.follow",
                        &row.tag, 0, m->to.text, err);
}

/* Within a transaction. */
static int move_all(struct moving *m, struct agent *agent, struct err *err)
{
    int rc = snapshot_send(agent, &m->from, err); /* ends what waits for it */

    m->sent = mem_resize(NULL, m->count + 1, sizeof m->sent[0]);
    for (size_t i = 0; rc == 0 && i < m->count; i++)
        rc = move_one(m, agent, i, err);
    if (rc == 0)
        rc = asked_move(agent->db, &m->from, &m->to, err);
    return rc < 0 ? rc
                  : sender_seal_rows(
                        agent, LANE_URGENT, m->sent, m->sent_count, err);
}

static int follow(struct agent *agent, const struct laestab *from,
    const struct laestab *to, struct err *err)
{
    SCOPED(moving_end) struct moving m = {.from = *from, .to = *to};
    bool waits = false;
    int rc = leavers_each(agent->db, from, false, note, &m, err);

    if (rc == 0)
        rc = asked_is_open(&waits, agent->db, from, err);
    if (rc < 0 || (m.count == 0 && !waits))
        return rc;
    rc = db_begin(agent->db, err);
    if (rc == 0)
        rc = move_all(&m, agent, err);
    if (rc == 0)
        rc = db_commit(agent->db, err);
    if (rc < 0) {
        db_rollback(agent->db);
        return rc;
    }
    log_line(&agent->log, LOG_WARN,
        "a school has closed; its leavers go to the one that follows",
        "school=%s successor=%s leavers=%zu sent=%zu", from->text, to->text,
        m.count, m.sent_count);
    post_kick(agent->post);
    return 0;
}

int succeed_run(struct agent *agent, struct err *err)
{
    const struct members *members = agent->identity->members;
    const struct directory_content *content = members_content(members);

    for (size_t i = 0; i < content->school_count; i++) {
        const struct laestab *from = &content->schools[i].laestab;
        const struct directory_school *to = succession_of(members, from);
        int rc =
            to == NULL || laestab_equal(&to->laestab, &agent->identity->laestab)
                ? 0
                : follow(agent, from, &to->laestab, err);

        if (rc < 0)
            return rc;
    }
    return 0;
}

bool succeed_is(const struct agent *agent, const struct laestab *former,
    const struct laestab *later)
{
    const struct directory_school *to =
        succession_of(agent->identity->members, former);

    return to != NULL && laestab_equal(&to->laestab, later);
}
