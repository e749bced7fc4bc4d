/* succession - schools that close, merge or change their name, in the next
 * directory (see authority_change() for the contract). */
#ifndef TRUST_SUCCESSION_H
#define TRUST_SUCCESSION_H

#include "base/attr.h"
#include "trust/authority.h"

struct draft;
struct err;

/** Enter the change into a draft, which is of no more use after a failure. */
MUST_CHECK int succession_enter(struct draft *draft,
    const struct authority_change *change, wall now, struct err *err);

/** The active school that follows this one now, down the line; NULL: it is
 * not closed, or nobody follows. */
const struct directory_school *succession_of(
    const struct members *members, const struct laestab *laestab);

#endif
