/* fold - the events of a case, gone through once; for state.c only. */
#ifndef OUTREACH_FOLD_H
#define OUTREACH_FOLD_H

#include "outreach/state.h"

/** Everything of *out but the code, which has its start values. */
void fold_events(struct state *out, const struct state_facts *facts);

#endif
