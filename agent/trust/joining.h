/*
 * joining - what stands between a welcome and a member's folder: every check of
 * identity_join(), then the writing.
 */
#ifndef TRUST_JOINING_H
#define TRUST_JOINING_H

#include "base/attr.h"
#include "base/bytes.h"
#include "base/clock.h"

struct err;

/** See identity_join() for the contract. */
MUST_CHECK int joining_take(
    const char *state, struct bytes welcome, wall now, struct err *err);

#endif
