/*
 * apply - one item of a verified batch takes effect in the database.
 */
#ifndef AGENTD_APPLY_H
#define AGENTD_APPLY_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/bytes.h"
#include "record/laestab.h"
#include "record/reason.h"
#include "store/leavers.h"
#include "wire/batch.h"

struct agent;
struct err;

/* The letter that an item came in. */
struct apply_letter {
    const struct batch *batch; /* verified */
    struct bytes signed_batch; /* kept where it proves something */
    bool late;                 /* from before its author's database went back */
    bool destroyed;            /* set when a record was destroyed */
    bool follows;              /* set when a record of a school that has closed
                                * became its author's */
    size_t spared, of;         /* spare_count() */
    int64_t records;           /* of its author, here, if counted */
    bool counted;
};

/**
 * Apply an item of the letter.  *reason is why it cannot be applied (then
 * nothing was changed and err->text says more), or REASON_NONE.  An older
 * revision than the one that is here, or than its tombstone, has no effect and
 * is no error.
 * Errors: ERR_IO, ERR_FULL, ERR_CRYPTO: roll the transaction back.
 */
MUST_CHECK int apply_item(enum reason *reason, struct agent *agent,
    struct apply_letter *letter, const struct batch_item *item,
    struct err *err);

#endif
