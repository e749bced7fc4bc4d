#include "agentd/pending.h"

#include "agentd/agent.h"
#include "agentd/casework.h"
#include "store/heldback.h"

static int mark(
    struct agent *agent, struct casework_file *file, bool any, struct err *err)
{
    bool held = false;
    int rc = 0;

    for (size_t i = 0; any && rc == 0 && !held && i < file->pupil_count; i++)
        rc = heldback_has(&held, agent->db, &file->pupils[i]->row.tag, err);
    file->in_quarantine = held;
    return rc;
}

int pending_mark(struct agent *agent, struct err *err)
{
    struct casework *c = agent->casework;
    bool any;
    int rc = heldback_any(&any, agent->db, err);

    for (size_t i = 0; rc == 0 && i < c->count; i++)
        rc = mark(agent, c->files[i], any, err);
    return rc;
}
