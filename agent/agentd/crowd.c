#include "agentd/crowd.h"

#include "agentd/agent.h"
#include "base/err.h"
#include "store/inbox.h"

/* While all schools together have few, nobody's need be told apart: that would
 * read every record for each letter. */
static int count(
    struct apply_letter *letter, struct agent *agent, struct err *err)
{
    int rc = inbox_count(&letter->records, agent->db, err);

    if (rc == 0 && letter->records + BATCH_MAX_ITEMS >= CROWD_MOST)
        rc = inbox_count_of(
            &letter->records, agent->db, &letter->batch->header.author, err);
    letter->counted = rc == 0;
    return rc;
}

int crowd_fits(enum reason *reason, struct agent *agent,
    struct apply_letter *letter, struct err *err)
{
    const int rc = letter->counted ? 0 : count(letter, agent, err);

    if (rc < 0)
        return rc;
    if (letter->records >= CROWD_MOST) {
        *reason = REASON_TOO_LARGE;
        (void)err_set(err, ERR_TOO_BIG,
            "there are %lld records of that school here, and no room for more",
            (long long)letter->records);
    }
    letter->records++;
    return 0;
}
