/*
 * raw - protobuf written by hand, for tests of what our encoders never write.
 *
 * Protobuf lets fields be added behind a message: a single one replaces what
 * stood before, a repeated one is one more, a nested one is merged.  So a good
 * message with one bad field behind it tests that field.
 */
#ifndef TESTS_RAW_H
#define TESTS_RAW_H

#include "base/buf.h"

static inline void raw_varint(struct buf *out, uint64_t value)
{
    do {
        const uint8_t byte =
            (uint8_t)((value & 0x7f) | (value > 0x7f ? 0x80 : 0));

        buf_add(out, (struct bytes){&byte, 1});
        value >>= 7;
    } while (value > 0);
}

static inline void raw_number(struct buf *out, unsigned field, uint64_t value)
{
    raw_varint(out, field << 3);
    raw_varint(out, value);
}

static inline void raw_bytes(
    struct buf *out, unsigned field, const void *data, size_t len)
{
    raw_varint(out, field << 3 | 2);
    raw_varint(out, len);
    buf_add(out, (struct bytes){data, len});
}

static inline void raw_text(struct buf *out, unsigned field, const char *text)
{
    raw_bytes(out, field, text, strlen(text));
}

static inline void raw_nested(
    struct buf *out, unsigned field, const struct buf *inner)
{
    raw_bytes(out, field, inner->data, inner->len);
}

#endif
