/* newpoints - a later revision of a record that brings a number which was not
 * known: the family's tries are counted afresh from then on. */
#ifndef AGENTD_NEWPOINTS_H
#define AGENTD_NEWPOINTS_H

#include "base/attr.h"
#include "record/leaver.h"
#include "store/inbox.h"

struct agent;
struct err;

/** In the transaction that stores the revision.  Numbers of restricted adults
 * are passed over.  Errors: those of casework_add(). */
MUST_CHECK int newpoints_note(struct agent *agent,
    const struct inbox_record *row, const struct leaver *known,
    const struct leaver *fresh, struct err *err);

#endif
