/*
 * weekly - how far first contact has come at this school, as the cluster may
 * know it: the whole cohort as it is now, and once a week each group that
 * passes the small-number rule (outreach/cells.h).  What was shown is written
 * down, so that nothing can be learnt by subtraction.
 */
#ifndef AGENTD_WEEKLY_H
#define AGENTD_WEEKLY_H

#include "base/attr.h"
#include "wire/report.h"

struct agent;
struct err;

/** *found is false if the school has no records of children who start here.
 * Outside of a transaction.  Errors: those of the database and of records that
 * cannot be opened. */
MUST_CHECK int weekly_figures(struct report_cohort *out, bool *found,
    struct agent *agent, struct err *err);

#endif
