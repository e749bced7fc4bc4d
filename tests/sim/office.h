/*
 * office - the cluster's administrator: signs newer directories, shuts a school
 * out and takes it in again, and publishes to the hubs.
 *
 * The authority's folder is on a disk of its own that every world begins anew,
 * so that a seed signs the same versions whatever was run before it.
 */
#ifndef SIM_OFFICE_H
#define SIM_OFFICE_H

#include "world.h"

struct office;

/** Sign the same members anew. */
void office_renew(struct world *world);

/** Shut the school out, if it is not. */
void office_revoke(struct world *world, size_t school);

/** Take it in again, with new keys: it is stopped, joins and starts. */
void office_readmit(struct world *world, size_t school);

/** Everybody gets new certificates for the keys they have, and joins with
 * them. */
void office_certify(struct world *world);

/** Give the newest directory to every hub that is up. */
void office_publish(struct world *world);

/** Nobody is shut out, and every hub has the newest directory. */
void office_mend(struct world *world);

void office_close(struct world *world);

#endif
