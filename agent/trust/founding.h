/* founding - making a cluster's authority: its keys, their certificates and
 * directory 1. */
#ifndef TRUST_FOUNDING_H
#define TRUST_FOUNDING_H

#include "base/attr.h"
#include "trust/authority.h"

/** See authority_create() for the contract. */
MUST_CHECK int founding_make(const char *dir, const struct authority_plan *plan,
    wall now, struct err *err);

#endif
