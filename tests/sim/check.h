/*
 * check - what must hold: after every step, and when everything has come to
 * rest.
 *
 *   receipt      what an author holds an applied receipt for is at its
 *                recipient
 *   once         a record's revision at a recipient never goes back
 *   hidden       a contact that was restricted when a revision was sent is not
 *                visible in it, and stays hidden in those after it
 *   left out     a contact that the primary has no more stays marked so
 *   recalled     a record vanishes only if its author recalled it or sent the
 *                child elsewhere, and then no revision up to its tombstone's
 *                comes back
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

#define CHECK_RECALLS 32

/* A child at one secondary. */
struct pupil_at {
    struct tag tag;     /* in its database */
    uint64_t here;      /* the revision there, when last looked at */
    uint32_t hidden;    /* contacts (bits) that a restriction took out there */
    uint32_t left_out;  /* contacts that the primary has no more, there */
    bool seen;          /* in the look that is under way */
    uint64_t receipted; /* highest revision with an applied receipt */
    uint64_t recalls[CHECK_RECALLS]; /* revisions of its tombstones, in order */
    size_t recall_count;
    uint64_t buried; /* one of them has destroyed it there */
};

/* A child as the simulator knows it. */
struct pupil {
    bool used;
    char upn[16];
    size_t author, dest;  /* dest: as the author has it */
    struct tag at_author; /* its tag in that database */
    struct pupil_at at[WORLD_SCHOOLS];
    unsigned changes;
    bool recalled;     /* as the author has it */
    uint32_t promised; /* contacts whose restriction was answered "queued" */
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

#endif
