#include "ctf/collect.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

void collect_start(struct collect *collect)
{
    collect->len = 0;
    collect->bytes = 0;
    collect->points = 0;
    collect->cut = false;
}

static bool is_continuation(char c)
{
    return ((uint8_t)c & 0xc0) == 0x80;
}

static size_t points_of(const char *piece, size_t len)
{
    size_t points = 0;

    for (size_t i = 0; i < len; i++)
        points += !is_continuation(piece[i]);
    return points;
}

void collect_count(struct collect *collect, const char *piece, size_t len)
{
    collect->bytes += len;
    collect->points += points_of(piece, len);
}

/* What is kept need not be counted yet: few texts come near their limit. */
void collect_add(struct collect *collect, const char *piece, size_t len)
{
    size_t room = LEAVER_MAX_TEXT - collect->len;

    if (collect->cut) {
        collect_count(collect, piece, len);
        return;
    }
    if (len > room) {
        collect->cut = true;
        while (room > 0 && is_continuation(piece[room]))
            room--;
        collect_count(collect, piece + room, len - room);
        len = room;
    }
    memcpy(collect->text + collect->len, piece, len);
    collect->bytes += len;
    collect->len += len;
}

/* A code point is a byte at least. */
bool collect_exceeds(const struct collect *collect, size_t limit)
{
    return collect->bytes > limit &&
           collect->points + points_of(collect->text, collect->len) > limit;
}

/* Bytes of the white space that begins at text, 0 if there is none: ASCII's,
 * and U+0085, 00A0, 1680, 2000-200A, 2028, 2029, 202F, 205F and 3000. */
static size_t space_at(const char *text, const char *end)
{
    static const char *const wide[] = {"\xc2\x85", "\xc2\xa0", "\xe1\x9a\x80",
        "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f",
        "\xe3\x80\x80"};
    const size_t left = (size_t)(end - text);

    if (*text == ' ' || (*text >= '\t' && *text <= '\r'))
        return 1;
    if (!(*text & 0x80))
        return 0;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (left >= strlen(wide[i]) &&
            memcmp(text, wide[i], strlen(wide[i])) == 0)
            return strlen(wide[i]);
    if (left >= 3 && memcmp(text, "\xe2\x80", 2) == 0 &&
        (uint8_t)text[2] >= 0x80 && (uint8_t)text[2] <= 0x8a)
        return 3;
    return 0;
}

static bool is_visible(char c)
{
    return c > ' ' && c < 0x7f;
}

static char *trim(char *text, size_t len)
{
    char *end = text + len;

    if (len > 0 && is_visible(*text) && is_visible(end[-1])) {
        *end = '\0';
        return text;
    }
    while (text < end && space_at(text, end) > 0)
        text += space_at(text, end);
    while (end > text) {
        char *last = end - 1;

        while (last > text && is_continuation(*last))
            last--;
        if (space_at(last, end) != (size_t)(end - last))
            break;
        end = last;
    }
    *end = '\0';
    return text;
}

/* Cut text behind its first limit code points. */
static void cut_at(char *text, size_t limit)
{
    for (; *text != '\0'; text++)
        if (!is_continuation(*text) && limit-- == 0) {
            *text = '\0';
            return;
        }
}

/* The usual text: letters, digits and marks of ASCII. */
static bool is_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text < 0x20 || *text == 0x7f)
            return false;
    return true;
}

/* U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069. */
static bool turns_direction(const char *text)
{
    const uint8_t *p = (const uint8_t *)text;

    for (; *p != '\0'; p++) {
        if (p[0] != 0xe2)
            continue;
        if (p[1] == 0x80 &&
            (p[2] == 0x8e || p[2] == 0x8f || (p[2] >= 0xaa && p[2] <= 0xae)))
            return true;
        if (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9)
            return true;
    }
    return false;
}

struct collected collect_end(struct collect *collect, size_t limit)
{
    char *text = trim(collect->text, collect->len);
    struct collected out = {
        .too_long = collect->cut || collect_exceeds(collect, limit)};

    if (out.too_long)
        cut_at(text, limit);
    if (!is_plain(text) && !text_is_clean(bytes_of(text))) {
        out.direction = turns_direction(text);
        text_clean(collect->clean, sizeof collect->clean, text);
        out.control = !out.direction;
        text = trim(collect->clean, strlen(collect->clean));
    }
    out.text = text;
    return out;
}
