/*
 * approve - data that would go backwards waits for a person.
 *
 * After a restore some records may be older here than at the secondary, which
 * then refuses the snapshot's revision (old-revision).  Whoever approves sends
 * ours over theirs, as a new revision.  At the secondary, recalls of a restored
 * school that would destroy many records wait in the same way (spare.h).
 */
#include <stdlib.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/blob.h"
#include "agentd/incarnation.h"
#include "agentd/mail.h"
#include "agentd/post.h"
#include "agentd/requests.h"
#include "agentd/roll.h"
#include "agentd/sender.h"
#include "agentd/spare.h"
#include "base/err.h"
#include "base/mem.h"

struct waiting {
    struct laestab to; /* "": any */
    struct tag *tags;
    size_t count;
};

static int note_waiting(void *arg, const struct leavers_row *row)
{
    struct waiting *w = arg;

    if (row->reason != REASON_OLD_REVISION ||
        (w->to.text[0] != '\0' && !laestab_equal(&w->to, &row->destination)))
        return 0;
    w->tags = mem_resize(w->tags, w->count + 1, sizeof w->tags[0]);
    w->tags[w->count++] = row->tag;
    return 0;
}

/* The same content as a revision that is newer than any before. */
static int raise_revision(struct agent *agent, const struct tag *tag,
    struct sender_row *out, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct leavers_row row;
    struct leaver leaver;
    int rc = leavers_find(&row, agent->db, tag, &arena, err);

    if (rc == 0)
        rc = blob_open(
            &leaver, agent, BLOB_LEAVER, row.id, row.sealed, &arena, err);
    if (rc < 0)
        return rc;
    row.revision = incarnation_next_revision(agent, row.revision);
    *out = (struct sender_row){row.id, row.destination};
    return roll_store(agent, &row, &leaver, err);
}

/* Ours over theirs.  *rows: what is to be sent. */
static int approve_ours(struct sender_row **rows, size_t *count,
    struct agent *agent, const struct laestab *to, struct err *err)
{
    struct waiting w = {.to = *to};
    int rc = leavers_each(agent->db, NULL, false, note_waiting, &w, err);

    *rows = mem_resize(NULL, w.count, sizeof **rows);
    *count = w.count;
    for (size_t i = 0; rc == 0 && i < w.count; i++)
        rc = raise_revision(agent, &w.tags[i], &(*rows)[i], err);
    free(w.tags);
    return rc;
}

/* Theirs here: the recalls of one school. */
static int approve_theirs(size_t *count, struct agent *agent,
    const struct laestab *from, struct mail_debts *debts, struct err *err)
{
    *count = 0;
    return from->text[0] == '\0'
               ? 0
               : spare_approve(count, agent, from, debts, err);
}

int approve_older(json_t **result, struct request *request, struct err *err)
{
    struct agent *agent = request->agent;
    SCOPED(mem_freep) struct sender_row *rows = NULL;
    struct mail_debts debts = {.count = 0};
    struct laestab to;
    struct laestab from;
    size_t ours = 0;
    size_t theirs = 0;
    int rc = args_school(&to, request->args, "to", err);

    if (rc == 0)
        rc = args_school(&from, request->args, "from", err);
    if (rc == 0)
        rc = db_begin(agent->db, err);
    if (rc == 0)
        rc = approve_ours(&rows, &ours, agent, &to, err);
    if (rc == 0)
        rc = approve_theirs(&theirs, agent, &from, &debts, err);
    if (rc == 0)
        rc = requests_audit(request, "approve", NULL, 0, to.text, err);
    if (rc == 0)
        rc = db_commit(agent->db, err);
    if (rc < 0)
        return rc;
    *result = json_pack("{s:I,s:I}", "approved", (json_int_t)ours, "recalls",
        (json_int_t)theirs);
    if (theirs > 0) {
        mail_committed(agent, &debts);
        post_kick(agent->post);
    }
    if (ours == 0)
        return 0;
    sender_queue(
        agent->sender, LANE_NORMAL, rows, ours, request->client, *result);
    *result = NULL;
    return 0;
}
