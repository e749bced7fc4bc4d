/*
 * check - what must hold: after every step, and when everything has come to
 * rest.
 *
 *   receipt      what an author holds an applied receipt for is at its
 *                recipient
 *   once         a record's revision at a recipient never goes back
 *   hidden       a contact that was restricted when a revision was sent is not
 *                visible in it, and stays hidden in those after it
 *   recalled     a record vanishes only if its author recalled it, and then no
 *                revision up to its tombstone's comes back
 *   (watch.h)    no number of an epoch is signed twice with two contents
 *
 * A recipient that was put back to an older copy may lack what it had until it
 * is level with its authors again.
 */
#ifndef SIM_CHECK_H
#define SIM_CHECK_H

#include <stdint.h>

#include "record/laestab.h"
#include "store/leavers.h"
#include "world.h"

/* A child as the simulator knows it. */
struct pupil {
    bool used;
    char upn[16];
    size_t author, dest;
    struct tag at_author, at_dest; /* its tag in either database */
    unsigned changes;
    uint64_t revision;  /* at the author, when last looked at */
    uint64_t receipted; /* highest revision with an applied receipt */
    uint64_t here;      /* at the recipient, when last looked at */
    uint32_t hidden;    /* contacts (bits) hidden at the recipient */
    bool seen;          /* in the look that is under way */
    uint64_t recalled;  /* revision of its tombstone; 0: never recalled */
    uint64_t buried;    /* that tombstone has destroyed it at the recipient */
    uint32_t promised;  /* contacts whose restriction was answered "queued" */
};

struct oracle {
    struct pupil pupils[WORLD_PUPILS];
    size_t count;
    uint64_t seen_syncs[WORLD_SCHOOLS];
    uint64_t checks;
};

/** After a step of this school; cheap if its disk has not changed. */
void check_school(struct node *node);

/** Look at it whatever its disk has done: a commit that was cut short may have
 * come through. */
void check_again(struct node *node);

/** It was put back: what it may have forgotten is no violation. */
void check_restored(struct node *node);

/** True if everything is level; else why is a reason (static or in world). */
bool check_level(struct world *world, char *why, size_t size);

#endif
