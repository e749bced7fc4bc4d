/*
 * holds - streams that a hub would not take a letter of for the moment, and
 * why.  Plain bookkeeping: each waits for half a minute, so that one school's
 * full mailbox keeps nobody else's letters back.
 */
#ifndef AGENTD_HOLDS_H
#define AGENTD_HOLDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "record/reason.h"

#define HOLDS_MAX 64
#define HOLDS_MS 30000

struct hold {
    int64_t stream;
    enum reason reason;
    mono until;
    unsigned turns; /* how often it was refused, one after the other */
};

struct holds {
    struct hold items[HOLDS_MAX];
    size_t count;
};

/** False: there is no room to note it. */
bool holds_add(struct holds *holds, int64_t stream, enum reason reason);

/** A hub took a letter of it. */
void holds_drop(struct holds *holds, int64_t stream);

/** The streams that wait now; returns how many. */
size_t holds_streams(
    int64_t streams[HOLDS_MAX], const struct holds *holds, mono now);

/** NULL: it was not refused last time. */
const struct hold *holds_find(const struct holds *holds, int64_t stream);

/** When the first of those that wait may go on; 0: none waits. */
mono holds_deadline(const struct holds *holds, mono now);

#endif
