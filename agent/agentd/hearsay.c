#include "agentd/hearsay.h"

#include <inttypes.h>

#include "agentd/agent.h"
#include "store/happenings.h"

int hearsay_fits(
    bool *fits, struct agent *agent, int64_t family, struct err *err)
{
    int64_t count = 0;
    const int rc = happenings_unsigned(&count, agent->db, family, err);

    *fits = rc == 0 && count < HEARSAY_MOST;
    if (rc == 0 && !*fits)
        log_line(&agent->log, LOG_WARN,
            "a school sends more about a family than is kept",
            "case=%" PRId64 " kept=%" PRId64, family, count);
    return rc;
}
