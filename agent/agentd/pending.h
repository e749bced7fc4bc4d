/* pending - families with a record that waits in quarantine. */
#ifndef AGENTD_PENDING_H
#define AGENTD_PENDING_H

#include "base/attr.h"

struct agent;
struct err;

/** Fill in in_quarantine of every file of the casework. */
MUST_CHECK int pending_mark(struct agent *agent, struct err *err);

#endif
