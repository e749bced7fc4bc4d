/*
 * receipts - what we owe to authors, and what recipients have sent us.
 *
 * A receipt letter tells one peer where each of its streams to us stands, with
 * exceptions, and which envelopes we refused lately.  It is cumulative, so a
 * newer one replaces those before it at every stage.
 */
#ifndef AGENTD_RECEIPTS_H
#define AGENTD_RECEIPTS_H

#include "base/attr.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "record/laestab.h"
#include "wire/batch.h"

struct agent;
struct err;

/** Write the receipt letter for peer into the outbox (in a transaction). */
MUST_CHECK int receipts_write(
    struct agent *agent, const struct laestab *peer, struct err *err);

/** Take a verified receipt letter: marks what is received and applied, keeps
 * the signed bytes as evidence, sends again what is missing (in a transaction).
 * One that claims what was never sent is logged and has no effect. */
MUST_CHECK int receipts_take(struct agent *agent, const struct batch *batch,
    struct bytes signed_content, wall now, struct err *err);

#endif
