/*
 * buf - bytes that grow: built up piece by piece, then lent or given away.
 *
 * Start from BUF_EMPTY.  Memory that held personal data is wiped before it is
 * given back (growing and freeing both do so).
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/attr.h"
#include "base/bytes.h"

struct buf {
    uint8_t *data;
    size_t len;
    size_t room; /* bytes at data */
};

#define BUF_EMPTY ((struct buf){NULL, 0, 0})

/** Make room for more bytes after len; yields where they go.  The caller then
 * adds what it wrote to len. */
uint8_t *buf_reserve(struct buf *buf, size_t more);

void buf_add(struct buf *buf, struct bytes src);
void buf_format(struct buf *buf, const char *fmt, ...) PRINTF_LIKE(2, 3);

/** len = 0, memory kept and wiped. */
void buf_clear(struct buf *buf);

/** Wipe and free; buf is BUF_EMPTY afterwards. */
void buf_free(struct buf *buf);

static inline struct bytes buf_bytes(const struct buf *buf)
{
    return (struct bytes){buf->data, buf->len};
}

#endif
