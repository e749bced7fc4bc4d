/* next - the next family for a caller, leased for a while so that nobody else
 * rings it; and giving it back. */
#ifndef AGENTD_NEXT_H
#define AGENTD_NEXT_H

#include "agentd/casework.h"
#include "agentd/requests.h"

/** The family that whoever asks has leased; NULL if none.  After
 * casework_refresh(). */
struct casework_file *next_held(const struct request *request);

#endif
