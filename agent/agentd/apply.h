/*
 * apply - one item of a verified batch takes effect in the database.
 */
#ifndef AGENTD_APPLY_H
#define AGENTD_APPLY_H

#include "base/attr.h"
#include "record/laestab.h"
#include "record/reason.h"
#include "wire/batch.h"

struct agent;
struct err;

/**
 * Apply an item of a verified batch.  *reason is why it cannot be applied (then
 * nothing was changed and err->text says more), or REASON_NONE.  An older
 * revision than the one that is here has no effect and is no error.
 * Errors: ERR_IO, ERR_FULL, ERR_CRYPTO: roll the transaction back.
 */
MUST_CHECK int apply_item(enum reason *reason, struct agent *agent,
    const struct batch *batch, const struct batch_item *item, struct err *err);

#endif
