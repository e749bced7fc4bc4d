/*
 * spare - at the secondary: recalls that would destroy many records at once,
 * from an author whose database went back, wait for a person.
 *
 * The letters of a snapshot repeat what was recalled before the restore. Nearly
 * all of that was destroyed long ago; if it would destroy more than SPARE_MOST
 * records here, or more than a tenth of what came from that school, then the
 * backup or its owner is probably wrong.  A recall that was made after the
 * restore, which shows in its revision, is a person's decision and never waits.
 *
 * Such a letter is in quarantine (mass-recall) until somebody approves or drops
 * it; approving holds for that author until its database goes back again.
 */
#ifndef AGENTD_SPARE_H
#define AGENTD_SPARE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/attr.h"
#include "record/laestab.h"
#include "wire/batch.h"

struct agent;
struct err;

#define SPARE_MOST 5  /* records that a snapshot may destroy */
#define SPARE_PART 10 /* and one in so many */

/** Would this tombstone of a batch wait, if any of it does? */
bool spare_may_wait(const struct batch *batch, const struct batch_item *item);

/** *count: how many records here the batch would destroy by tombstones that
 * must wait; 0 if none must.  *of: the records of that author. */
MUST_CHECK int spare_count(size_t *count, size_t *of, struct agent *agent,
    const struct batch *batch, struct err *err);

/** In a transaction: a person wants what waits from this author.  *count: the
 * letters that were taken.  Errors: ERR_STATE, their bytes are gone. */
struct mail_debts;
MUST_CHECK int spare_approve(size_t *count, struct agent *agent,
    const struct laestab *author, struct mail_debts *debts, struct err *err);

/** Letters of this author wait. */
MUST_CHECK int spare_waits(bool *waits, struct agent *agent,
    const struct laestab *author, struct err *err);

/** At either school: that recalls wait, and the next step. */
void spare_checks(json_t *list, struct agent *agent);

#endif
