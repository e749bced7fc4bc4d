/*
 * intake - the recipient's side of one stream: what to do with a batch.
 *
 * Pure.  high is the highest number seen, holes are the ranges below it that
 * were not applied (never came, or were put aside), head is the content digest
 * of the batch that ended at high.
 *
 *   offered                                     verdict
 *   first == high + 1, previous == head         APPLY
 *   first == high + 1, previous != head         FORKED     (equivocation)
 *   first >  high + 1                           APPLY, and the gap is a hole
 *   inside a hole                               APPLY, and the hole shrinks
 *   last <= high, no hole touched               DUPLICATE  (answer again)
 *   same epoch and last == high, other digest   FORKED
 *   other epoch, seen before                    CLOSED     (replay)
 *   other epoch, first == 1                     NEW_EPOCH
 *   other epoch, first > 1                      NEW_EPOCH, and 1..first-1 a
 * hole
 *
 * A record is replaced whole by a higher revision only, so applying behind a
 * hole is safe: what arrives late can never overwrite what is newer.
 */
#ifndef SYNC_INTAKE_H
#define SYNC_INTAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/id.h"
#include "record/reason.h"

#define INTAKE_MAX_HOLES 64

struct intake_hole {
    uint64_t first, last;
    enum reason reason; /* REASON_MISSING, or why it was put aside */
};

struct intake {
    struct id epoch; /* zero: nothing came yet */
    uint64_t high;
    struct digest head;
    struct intake_hole holes[INTAKE_MAX_HOLES]; /* ascending, disjoint */
    size_t hole_count;
};

enum intake_verdict {
    INTAKE_APPLY,
    INTAKE_DUPLICATE,
    INTAKE_FORKED,
    INTAKE_CLOSED,
    INTAKE_TOO_MANY_HOLES, /* wait until the author fills some: drop, no ACK
                            * of the effect, a receipt that shows the holes */
};

struct intake_offer {
    struct id epoch;
    uint64_t first, last;
    struct digest previous; /* as the batch says */
    struct digest content;  /* of the batch */
    bool epoch_seen;        /* this epoch was current before and is closed */
};

/** Decide and, on APPLY, move on.  Nothing changes on another verdict. */
enum intake_verdict intake_offer(
    struct intake *intake, const struct intake_offer *offer);

/** first..last of the epoch could not be applied, for a reason that is not
 * MISSING: remember it so.  last is at most high: the batch was verified and
 * offered before. */
void intake_put_aside(
    struct intake *intake, uint64_t first, uint64_t last, enum reason reason);

/** Everything up to here was applied or is a hole with a reason that is final;
 * below the first MISSING hole, else high. */
uint64_t intake_applied(const struct intake *intake);

#endif
