#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

/* Twice as much as before, or what is needed: all of it is wiped at the end,
 * so room that nobody uses would be touched for nothing. */
static size_t next_room(const struct buf *buf, size_t more)
{
    const size_t least = 256;
    const size_t room = buf->room < least / 2 ? least : 2 * buf->room;

    return room - buf->len < more ? buf->len + more : room;
}

uint8_t *buf_reserve(struct buf *buf, size_t more)
{
    if (buf->room - buf->len < more) {
        const size_t room = next_room(buf, more);
        uint8_t *grown = mem_resize(NULL, room, 1);

        if (buf->len > 0)
            memcpy(grown, buf->data, buf->len);
        if (buf->data != NULL)
            explicit_bzero(buf->data, buf->room);
        free(buf->data);
        buf->data = grown;
        buf->room = room;
    }
    return buf->len == 0 ? buf->data : buf->data + buf->len;
}

void buf_add(struct buf *buf, struct bytes src)
{
    if (src.len == 0)
        return;
    memcpy(buf_reserve(buf, src.len), src.data, src.len);
    buf->len += src.len;
}

void buf_format(struct buf *buf, const char *fmt, ...)
{
    va_list args;
    va_list again;
    int len;

    va_start(args, fmt);
    va_copy(again, args);
    len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len > 0) {
        vsnprintf((char *)buf_reserve(buf, (size_t)len + 1), (size_t)len + 1,
            fmt, again);
        buf->len += (size_t)len;
    }
    va_end(again);
}

void buf_clear(struct buf *buf)
{
    if (buf->len > 0)
        explicit_bzero(buf->data, buf->len);
    buf->len = 0;
}

void buf_free(struct buf *buf)
{
    if (buf->data != NULL)
        explicit_bzero(buf->data, buf->room);
    free(buf->data);
    *buf = BUF_EMPTY;
}
