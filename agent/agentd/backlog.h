/* backlog - what is under way: changes of ours without a receipt, changes of
 * others that are missing, letters in quarantine. */
#ifndef AGENTD_BACKLOG_H
#define AGENTD_BACKLOG_H

#include <stdint.h>

#include "base/attr.h"
#include "base/clock.h"

struct db;
struct err;

struct backlog {
    uint64_t queued;      /* changes that no hub has taken yet */
    uint64_t unreceipted; /* changes without the recipient's receipt */
    wall oldest;          /* of them: when it was made; 0: there is none */
    uint64_t unapplied;   /* changes of others that have not come yet */
    uint64_t quarantined; /* letters */
};

/** Errors: those of the database. */
MUST_CHECK int backlog_count(
    struct backlog *out, struct db *db, struct err *err);

#endif
