/*
 * ranges - lists of numbers with reasons (exceptions of a receipt, holes of an
 * intake) as one blob; for this room only.
 *
 * An entry is first and last (8 bytes each) and the reason (2), big-endian.
 * Lists are ascending and disjoint.
 */
#ifndef STORE_RANGES_H
#define STORE_RANGES_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/bytes.h"
#include "wire/batch.h"

#define RANGES_ENTRY_BYTES 18
#define RANGES_MAX BATCH_MAX_EXCEPTIONS
#define RANGES_MAX_BYTES (RANGES_MAX * RANGES_ENTRY_BYTES)

struct ranges {
    struct exception items[RANGES_MAX];
    size_t count;
};

/** The blob, in out. */
struct bytes ranges_encode(
    uint8_t out[RANGES_MAX_BYTES], const struct ranges *ranges);
/** False for a blob that ranges_encode() never made. */
MUST_CHECK bool ranges_decode(struct ranges *out, struct bytes blob);

/** Take over what came in a receipt.  False unless it is ascending, disjoint
 * and not too long. */
MUST_CHECK bool ranges_copy(
    struct ranges *out, const struct exception *items, size_t count);

/** The entry that covers any number of first..last; NULL if none does. */
const struct exception *ranges_find(
    const struct ranges *ranges, uint64_t first, uint64_t last);
/** The same, among those that never came. */
const struct exception *ranges_find_missing(
    const struct ranges *ranges, uint64_t first, uint64_t last);

/** How many numbers up to `last` are covered, in all and by those that never
 * came. */
uint64_t ranges_numbers(const struct ranges *ranges, uint64_t last);
uint64_t ranges_missing(const struct ranges *ranges, uint64_t last);

#endif
