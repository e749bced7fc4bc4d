#include "cli/base64.h"

static int value(char c)
{
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+'             ? 62
           : c == '/'             ? 63
                                  : -1;
}

/* Bytes in a group of four: 3, or less with padding; 0 if it is none. */
static size_t group(uint8_t out[3], const char *text)
{
    uint32_t bits = 0;
    const size_t padding = text[3] != '=' ? 0 : text[2] != '=' ? 1 : 2;

    for (size_t i = 0; i < 4; i++) {
        const int six = i < 4 - padding ? value(text[i]) : 0;

        if (six < 0)
            return 0;
        bits = bits << 6 | (uint32_t)six;
    }
    out[0] = (uint8_t)(bits >> 16);
    out[1] = (uint8_t)(bits >> 8);
    out[2] = (uint8_t)bits;
    return 3 - padding;
}

bool base64_decode(struct buf *out, const char *text)
{
    const size_t len = strlen(text);
    const size_t start = out->len;

    if (len % 4 != 0)
        return false;
    for (size_t i = 0; i < len; i += 4) {
        uint8_t bytes[3];
        const size_t count = group(bytes, text + i);

        if (count == 0 || (count < 3 && i + 4 < len)) {
            out->len = start;
            return false;
        }
        buf_add(out, (struct bytes){bytes, count});
    }
    return true;
}
