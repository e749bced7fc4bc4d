/*
 * floor - the least that the main job can cost with the same guarantees: the
 * same CMS sealing and opening, one fdatasync into a plain file at author, hub
 * and recipient, the bytes over loopback TCP twice, a signed receipt back.  No
 * database, no CURVE, no directory, nothing applied.
 *
 *   author   sign, encrypt, commit, send      verify the receipt
 *   hub      receive, commit, send on         pass the receipt back
 *   recipient receive, decrypt, verify, commit, sign a receipt, send
 */
#ifndef BENCH_FLOOR_H
#define BENCH_FLOOR_H

#include "rig.h"
#include "trust/identity.h"

/* Signed contents, in the order they go. */
struct floor_job {
    const struct identity *author;
    const struct identity *recipient;
    const char *folder; /* where the files are */
    const struct bytes *contents;
    size_t count;
    size_t window; /* bytes on their way without a receipt; 0: one batch */
};

/** All of it, by three processes.  latency: NULL or room for count figures,
 * from before the sealing to the verified receipt. */
struct cost floor_whole(const struct floor_job *job, double *latency);

/** The parts by themselves. */
struct cost floor_seal(const struct floor_job *job);
struct cost floor_put(const struct floor_job *job); /* cpu: of the hub */
struct cost floor_open(const struct floor_job *job);
/** From a hub's file that holds the batches: until all are opened and the
 * receipts are verified. */
struct cost floor_return(const struct floor_job *job);

#endif
