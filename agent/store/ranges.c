#include "store/ranges.h"

static void put_number(uint8_t *out, uint64_t value, unsigned bytes)
{
    for (unsigned i = bytes; i-- > 0; value >>= 8)
        out[i] = (uint8_t)value;
}

static uint64_t get_number(const uint8_t *in, unsigned bytes)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < bytes; i++)
        value = value << 8 | in[i];
    return value;
}

struct bytes ranges_encode(
    uint8_t out[RANGES_MAX_BYTES], const struct ranges *ranges)
{
    uint8_t *to = out;

    for (size_t i = 0; i < ranges->count; i++, to += RANGES_ENTRY_BYTES) {
        put_number(to, ranges->items[i].first, 8);
        put_number(to + 8, ranges->items[i].last, 8);
        put_number(to + 16, ranges->items[i].reason, 2);
    }
    return (struct bytes){out, (size_t)(to - out)};
}

bool ranges_copy(
    struct ranges *out, const struct exception *items, size_t count)
{
    uint64_t before = 0;

    if (count > RANGES_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (items[i].first <= before || items[i].last < items[i].first)
            return false;
        before = items[i].last;
        out->items[i] = items[i];
    }
    out->count = count;
    return true;
}

bool ranges_decode(struct ranges *out, struct bytes blob)
{
    if (blob.len % RANGES_ENTRY_BYTES != 0 || blob.len > RANGES_MAX_BYTES)
        return false;
    out->count = blob.len / RANGES_ENTRY_BYTES;
    for (size_t i = 0; i < out->count; i++) {
        const uint8_t *from = blob.data + i * RANGES_ENTRY_BYTES;

        out->items[i] = (struct exception){get_number(from, 8),
            get_number(from + 8, 8), (enum reason)get_number(from + 16, 2)};
    }
    return true;
}

static bool touches(const struct exception *e, uint64_t first, uint64_t last)
{
    return e->first <= last && e->last >= first;
}

const struct exception *ranges_find(
    const struct ranges *ranges, uint64_t first, uint64_t last)
{
    for (size_t i = 0; i < ranges->count; i++)
        if (touches(&ranges->items[i], first, last))
            return &ranges->items[i];
    return NULL;
}

const struct exception *ranges_find_missing(
    const struct ranges *ranges, uint64_t first, uint64_t last)
{
    for (size_t i = 0; i < ranges->count; i++)
        if (ranges->items[i].reason == REASON_MISSING &&
            touches(&ranges->items[i], first, last))
            return &ranges->items[i];
    return NULL;
}

static uint64_t numbers_up_to(const struct exception *e, uint64_t last)
{
    if (e->first > last)
        return 0;
    return (e->last < last ? e->last : last) - e->first + 1;
}

uint64_t ranges_numbers(const struct ranges *ranges, uint64_t last)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < ranges->count; i++)
        sum += numbers_up_to(&ranges->items[i], last);
    return sum;
}

uint64_t ranges_missing(const struct ranges *ranges, uint64_t last)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < ranges->count; i++)
        if (ranges->items[i].reason == REASON_MISSING)
            sum += numbers_up_to(&ranges->items[i], last);
    return sum;
}
