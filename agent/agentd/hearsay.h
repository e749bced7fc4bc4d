/*
 * hearsay - how much other schools may add to the notes of one family.
 *
 * Answers and new numbers of a primary become events, which stay as long as the
 * record and are all in memory.  Nobody's records need hundreds of them.
 */
#ifndef AGENTD_HEARSAY_H
#define AGENTD_HEARSAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

struct agent;
struct err;

#define HEARSAY_MOST 400 /* events of a family that nobody here wrote */

/** May another one be added?  If not, that is logged. */
MUST_CHECK int hearsay_fits(
    bool *fits, struct agent *agent, int64_t family, struct err *err);

#endif
