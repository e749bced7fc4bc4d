/* stages - parts of the main job by themselves, with the product's own rooms.
 */
#ifndef BENCH_STAGES_H
#define BENCH_STAGES_H

#include "rig.h"
#include "sample.h"

struct agent;
struct identity;
struct live;

/** A hub that runs takes the sealed batches over CURVE and confirms each.  cpu
 * is the hub's. */
struct cost stages_put(const struct live *live, struct agent *author,
    const struct identity *recipient, const struct sample *sample, size_t most);

/** A secondary opens, checks, applies and commits the batches, one commit and
 * one signed receipt each, in the folder `state`. */
struct cost stages_apply(const char *state, struct agent *author,
    const struct sample *sample, size_t most);

/** expat with no handlers over the file, and one fdatasync. */
struct cost stages_expat(const char *path, const char *folder);

#endif
