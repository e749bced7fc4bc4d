#include "base/text.h"

#include <stdio.h>

/* Length of the UTF-8 character at p, or 0 if there is none (RFC 3629, 4). */
static size_t character(uint32_t *out, const uint8_t *p, size_t left)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len;
    uint32_t c;

    if (left == 0)
        return 0;
    if (p[0] < 0x80) {
        *out = p[0];
        return 1;
    }
    len = p[0] >= 0xf0 && p[0] < 0xf5   ? 4
          : p[0] >= 0xe0 && p[0] < 0xf0 ? 3
          : p[0] >= 0xc2 && p[0] < 0xe0 ? 2
                                        : 0;
    if (len == 0 || len > left)
        return 0;
    c = p[0] & (0x7fU >> len);
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (p[i] & 0x3fU);
    }
    if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        return 0;
    *out = c;
    return len;
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
           c == 0x2028 || c == 0x2029;
}

bool text_is_utf8(struct bytes src)
{
    for (size_t i = 0; i < src.len;) {
        uint32_t c;
        const size_t len = character(&c, src.data + i, src.len - i);

        if (len == 0 || c == 0)
            return false;
        i += len;
    }
    return true;
}

bool text_is_clean(struct bytes src)
{
    for (size_t i = 0; i < src.len;) {
        uint32_t c;
        const size_t len = character(&c, src.data + i, src.len - i);

        if (len == 0 || is_control(c))
            return false;
        i += len;
    }
    return true;
}

const char *text_clean(char *out, size_t size, const char *text)
{
    const struct bytes src = bytes_of(text);
    size_t to = 0;

    for (size_t i = 0; i < src.len;) {
        uint32_t c;
        const size_t len = character(&c, src.data + i, src.len - i);
        const bool bad = len == 0 || is_control(c);
        const size_t width = bad ? 1 : len;

        if (to + width >= size)
            break;
        if (bad)
            out[to] = ' ';
        else
            memcpy(out + to, src.data + i, len);
        to += width;
        i += len == 0 ? 1 : len;
    }
    if (size > 0)
        out[to] = '\0';
    return out;
}

static bool is_wide(uint32_t c)
{
    return (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
           (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
           (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
           (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) ||
           (c >= 0x20000 && c <= 0x3fffd);
}

static bool is_combining(uint32_t c)
{
    return (c >= 0x300 && c <= 0x36f) || (c >= 0x1ab0 && c <= 0x1aff) ||
           (c >= 0x20d0 && c <= 0x20ff) || (c >= 0xfe00 && c <= 0xfe0f) ||
           c == 0x200b || c == 0x200c || c == 0x200d;
}

size_t text_columns(const char *text)
{
    const struct bytes src = bytes_of(text);
    size_t columns = 0;

    for (size_t i = 0; i < src.len;) {
        uint32_t c = ' ';
        const size_t len = character(&c, src.data + i, src.len - i);

        columns += is_combining(c) ? 0 : is_wide(c) ? 2 : 1;
        i += len == 0 ? 1 : len;
    }
    return columns;
}

const char *text_hex(char *out, struct bytes src)
{
    for (size_t i = 0; i < src.len; i++)
        snprintf(out + 2 * i, 3, "%02x", src.data[i]);
    out[2 * src.len] = '\0';
    return out;
}

static int nibble(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

bool text_unhex(uint8_t *out, size_t len, const char *hex)
{
    if (strlen(hex) != 2 * len)
        return false;
    for (size_t i = 0; i < len; i++) {
        const int high = nibble(hex[2 * i]);
        const int low = nibble(hex[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
