#include "control/frame.h"

#include "base/err.h"
#include "control/control.h"

static int append(const char *data, size_t len, void *arg)
{
    buf_add(arg, (struct bytes){(const uint8_t *)data, len});
    return 0;
}

int frame_add(
    struct buf *out, const json_t *document, size_t limit, struct err *err)
{
    const size_t start = out->len;
    uint8_t *header = buf_reserve(out, FRAME_HEADER);
    size_t len;

    memset(header, 0, FRAME_HEADER);
    out->len += FRAME_HEADER;
    if (json_dump_callback(document, append, out, JSON_COMPACT) < 0) {
        out->len = start;
        return err_set(err, ERR_MALFORMED, "this cannot be written as JSON");
    }
    len = out->len - start - FRAME_HEADER;
    if (len > limit) {
        out->len = start;
        return err_set(
            err, ERR_TOO_BIG, "%zu bytes; a frame has at most %zu", len, limit);
    }
    header = out->data + start;
    header[0] = (uint8_t)(len >> 24);
    header[1] = (uint8_t)(len >> 16);
    header[2] = (uint8_t)(len >> 8);
    header[3] = (uint8_t)len;
    return 0;
}

size_t frame_length(const uint8_t header[FRAME_HEADER])
{
    return (size_t)header[0] << 24 | (size_t)header[1] << 16 |
           (size_t)header[2] << 8 | (size_t)header[3];
}

/* Brackets outside strings; the parser itself would recurse into them. */
static bool is_shallow(struct bytes body)
{
    size_t depth = 0;
    bool in_string = false;

    for (size_t i = 0; i < body.len; i++) {
        const uint8_t c = body.data[i];

        if (in_string && c == '\\')
            i++;
        else if (c == '"')
            in_string = !in_string;
        else if (!in_string && (c == '[' || c == '{') &&
                 ++depth > CONTROL_MAX_DEPTH)
            return false;
        else if (!in_string && (c == ']' || c == '}') && depth > 0)
            depth--;
    }
    return true;
}

int frame_parse(json_t **out, struct bytes body, struct err *err)
{
    json_error_t where;

    if (!is_shallow(body))
        return err_set(
            err, ERR_MALFORMED, "nested more than %d deep", CONTROL_MAX_DEPTH);
    *out = json_loadb(
        (const char *)body.data, body.len, JSON_REJECT_DUPLICATES, &where);
    if (*out == NULL)
        return err_set(
            err, ERR_MALFORMED, "not JSON at byte %d", where.position);
    return 0;
}
