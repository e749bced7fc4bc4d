#include "agentd/pending.h"

#include <string.h>

#include "agentd/agent.h"
#include "agentd/casework.h"
#include "store/heldback.h"

static int mark(void *arg, const struct tag *pupil)
{
    struct casework *c = arg;

    for (size_t i = 0; i < c->count; i++)
        for (size_t j = 0; j < c->files[i]->pupil_count; j++)
            if (memcmp(&c->files[i]->pupils[j]->row.tag, pupil,
                    sizeof *pupil) == 0)
                c->files[i]->in_quarantine = true;
    return 0;
}

int pending_mark(struct agent *agent, struct err *err)
{
    struct casework *c = agent->casework;

    for (size_t i = 0; i < c->count; i++)
        c->files[i]->in_quarantine = false;
    return heldback_each(agent->db, mark, c, err);
}
