/*
 * early - the names of letters that came as early copies, while their hub was
 * still storing them (proto/hub.proto, Mail): when the stored letter comes it
 * is acknowledged and not opened again.
 *
 * Only the newest are remembered; one that is forgotten is a duplicate, which
 * has no effect either.
 */
#ifndef AGENTD_EARLY_H
#define AGENTD_EARLY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/id.h"

#define EARLY_NAMES 32

struct early {
    struct id names[EARLY_NAMES];
    size_t count; /* ever noted */
};

/** Within the transaction in which the letter was dealt with.  If that fails:
 * early_forget(). */
void early_note(struct early *early, const struct id *envelope);

/** Whether it was dealt with as an early copy, as far as is remembered. */
bool early_knows(const struct early *early, const struct id *envelope);

/** The transaction failed: none of them was dealt with for sure. */
void early_forget(struct early *early);

#endif
