#include "trust/armour.h"

#include <stdbool.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"

#define LINE 64 /* base64 characters of a full line */

static const char ALPHABET[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* One group: up to three bytes as four characters. */
static void add_group(struct buf *out, const uint8_t *src, size_t len)
{
    const uint32_t bits = (uint32_t)src[0] << 16 |
                          (len > 1 ? (uint32_t)src[1] << 8 : 0) |
                          (len > 2 ? src[2] : 0);
    uint8_t *to = buf_reserve(out, 4);

    for (size_t i = 0; i < 4; i++)
        to[i] = i <= len ? (uint8_t)ALPHABET[bits >> (18 - 6 * i) & 63] : '=';
    out->len += 4;
}

/* width 0: all on one line, without a line end. */
static void add_base64(struct buf *out, struct bytes src, size_t width)
{
    size_t column = 0;

    for (size_t i = 0; i < src.len; i += 3) {
        add_group(out, src.data + i, src.len - i < 3 ? src.len - i : 3);
        column += 4;
        if (width > 0 && column == width) {
            buf_add(out, bytes_of("\n"));
            column = 0;
        }
    }
    if (width > 0 && column > 0)
        buf_add(out, bytes_of("\n"));
}

void armour_write(struct buf *out, const struct armour *armour)
{
    buf_format(out, "-----BEGIN MOVEUP %s-----\n", armour->label);
    buf_format(out, "%s: %s\n", armour->field, armour->about);
    if (armour->signature.len > 0) {
        buf_add(out, bytes_of("Signature: "));
        add_base64(out, armour->signature, 0);
        buf_add(out, bytes_of("\n"));
    }
    buf_add(out, bytes_of("\n"));
    add_base64(out, armour->body, LINE);
    buf_format(out, "-----END MOVEUP %s-----\n", armour->label);
}

static int value_of(uint8_t c)
{
    const char *at = c == '\0' ? NULL : strchr(ALPHABET, c);

    return at == NULL ? -1 : (int)(at - ALPHABET);
}

/* Decode base64, skipping line ends.  Whatever is odd about it (padding in the
 * middle, stray bits) shows when the text is written again. */
static bool decode_base64(struct buf *out, struct bytes src)
{
    uint32_t bits = 0;
    size_t held = 0;

    for (size_t i = 0; i < src.len; i++) {
        const int value = value_of(src.data[i]);

        if (src.data[i] == '\n' || src.data[i] == '=')
            continue;
        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            *buf_reserve(out, 1) = (uint8_t)(bits >> held);
            out->len++;
        }
    }
    return true;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* What mail programs do to a text file is undone: CR LF, blank space around. */
static void normalise(struct buf *out, struct bytes text)
{
    size_t from = 0, to = text.len;

    while (from < to && is_blank(text.data[from]))
        from++;
    while (to > from && is_blank(text.data[to - 1]))
        to--;
    for (size_t i = from; i < to; i++)
        if (text.data[i] != '\r' || i + 1 == to || text.data[i + 1] != '\n')
            buf_add(out, (struct bytes){text.data + i, 1});
    buf_add(out, bytes_of("\n"));
}

/* Cut the next line off rest, without its LF.  False when there is none. */
static bool next_line(struct bytes *line, struct bytes *rest)
{
    const uint8_t *end =
        rest->len == 0 ? NULL : memchr(rest->data, '\n', rest->len);

    if (end == NULL)
        return false;
    *line = (struct bytes){rest->data, (size_t)(end - rest->data)};
    rest->len -= line->len + 1;
    rest->data = end + 1;
    return true;
}

/* Cut `prefix` off the front of line. */
static bool skip(struct bytes *line, const char *prefix)
{
    const size_t len = strlen(prefix);

    if (line->len < len || memcmp(line->data, prefix, len) != 0)
        return false;
    line->data += len;
    line->len -= len;
    return true;
}

/* Find the parts in a text that may be anything at all. */
static bool take_apart(struct armour *out, struct bytes rest,
    struct buf *signature, struct buf *body, struct arena *arena)
{
    struct bytes line;

    if (!next_line(&line, &rest) || !next_line(&line, &rest) ||
        !skip(&line, out->field) || !skip(&line, ": ") || line.len == 0 ||
        line.len > ARMOUR_MAX_ABOUT || !text_is_clean(line))
        return false;
    out->about = arena_copy(arena, line);
    if (!next_line(&line, &rest))
        return false;
    if (skip(&line, "Signature: ") &&
        (!decode_base64(signature, line) || !next_line(&line, &rest)))
        return false;
    while (next_line(&line, &rest) && line.len > 0 && line.data[0] != '-')
        if (!decode_base64(body, line))
            return false;
    return body->len > 0;
}

static struct bytes keep(struct arena *arena, const struct buf *buf)
{
    return (struct bytes){
        (uint8_t *)arena_copy(arena, buf_bytes(buf)), buf->len};
}

int armour_read(struct armour *out, struct bytes text, size_t limit,
    struct arena *arena, struct err *err)
{
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    SCOPED(buf_free) struct buf signature = BUF_EMPTY;
    SCOPED(buf_free) struct buf body = BUF_EMPTY;
    SCOPED(buf_free) struct buf again = BUF_EMPTY;

    if (text.len > 1024 + limit / 2 * 3)
        return err_set(err, ERR_TOO_BIG, "%zu bytes are too many", text.len);
    normalise(&plain, text);
    if (!take_apart(out, buf_bytes(&plain), &signature, &body, arena) ||
        signature.len > ARMOUR_MAX_SIGNATURE)
        return err_set(err, ERR_MALFORMED,
            "this is not a Moveup %s file, or it was changed on the way",
            out->label);
    if (body.len > limit)
        return err_set(
            err, ERR_TOO_BIG, "%zu bytes, limit %zu", body.len, limit);
    out->signature = keep(arena, &signature);
    out->body = keep(arena, &body);
    armour_write(&again, out);
    if (again.len != plain.len ||
        memcmp(again.data, plain.data, plain.len) != 0)
        return err_set(err, ERR_MALFORMED,
            "this Moveup %s file was changed on the way", out->label);
    return 0;
}
