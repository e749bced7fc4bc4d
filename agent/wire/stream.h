/*
 * stream - the names of the protocol: lanes, epochs, numbers, and the clear
 * header of an envelope (design 4 and 5).
 */
#ifndef WIRE_STREAM_H
#define WIRE_STREAM_H

#include "base/clock.h"
#include "base/id.h"
#include "record/laestab.h"

/* The version of this protocol; a peer refuses what it does not know. */
#define STREAM_VERSION 1

enum lane {
    LANE_URGENT = 1,  /* restrictions, recalls, destination changes */
    LANE_NORMAL = 2,  /* everything else */
    LANE_RECEIPT = 3, /* cumulative receipts and refusals: no numbers of their
                       * own, the newest replaces those before */
};

#define LANE_COUNT 3

/** "urgent", "normal", "receipt". */
const char *stream_lane_name(enum lane lane);

/* Who wrote to whom, and which numbers: in clear in the envelope's header, and
 * again in the signed batch, where all of it must be the same. */
struct header {
    uint32_t version;
    struct laestab author;
    struct laestab recipient;
    enum lane lane;
    struct id epoch;
    uint64_t first; /* 0 and 0 in LANE_RECEIPT */
    uint64_t last;
    uint32_t ttl_days;
};

#define STREAM_TTL_DAYS 120 /* at least 90: summer is six weeks */
#define STREAM_MAX_TTL_DAYS 365

#endif
