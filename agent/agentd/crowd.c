#include "agentd/crowd.h"

#include "agentd/agent.h"
#include "base/err.h"
#include "store/inbox.h"

int crowd_fits(enum reason *reason, struct agent *agent,
    struct apply_letter *letter, struct err *err)
{
    if (!letter->counted) {
        const int rc = inbox_count_of(
            &letter->records, agent->db, &letter->batch->header.author, err);

        if (rc < 0)
            return rc;
        letter->counted = true;
    }
    if (letter->records >= CROWD_MOST) {
        *reason = REASON_TOO_LARGE;
        (void)err_set(err, ERR_TOO_BIG,
            "there are %lld records of that school here, and no room for more",
            (long long)letter->records);
    }
    letter->records++;
    return 0;
}
