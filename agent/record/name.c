#include "record/name.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/mem.h"

/* The plain letters of U+00C0 to U+017F; a digit is a pair in PAIRS, '?' a
 * mark that is no letter. */
static const char PLAIN[] =
    "aaaaaa0ceeeeiiiidnooooo?ouuuuy12aaaaaa0ceeeeiiiidnooooo?ouuuuy1y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii44jjkkkllllllllll"
    "nnnnnnnnnoooooo33rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static const char PAIRS[][3] = {"ae", "th", "ss", "oe", "ij"};

#define FIRST_PLAIN 0xc0
#define AFTER_PLAIN (FIRST_PLAIN + sizeof PLAIN - 1)

/* Letters with accents beyond those: Vietnamese, Romanian, Pinyin and whoever
 * else writes Latin. */
static const struct {
    uint16_t first, last;
    char plain;
} RANGES[] = {
    {0x01a0, 0x01a1, 'o'},
    {0x01af, 0x01b0, 'u'},
    {0x01cd, 0x01ce, 'a'},
    {0x01cf, 0x01d0, 'i'},
    {0x01d1, 0x01d2, 'o'},
    {0x01d3, 0x01dc, 'u'},
    {0x01de, 0x01e1, 'a'},
    {0x01e6, 0x01e7, 'g'},
    {0x01e8, 0x01e9, 'k'},
    {0x01ea, 0x01ed, 'o'},
    {0x01f8, 0x01f9, 'n'},
    {0x0200, 0x0203, 'a'},
    {0x0204, 0x0207, 'e'},
    {0x0208, 0x020b, 'i'},
    {0x020c, 0x020f, 'o'},
    {0x0210, 0x0213, 'r'},
    {0x0214, 0x0217, 'u'},
    {0x0218, 0x0219, 's'},
    {0x021a, 0x021b, 't'},
    {0x1e00, 0x1e01, 'a'},
    {0x1e02, 0x1e07, 'b'},
    {0x1e08, 0x1e09, 'c'},
    {0x1e0a, 0x1e13, 'd'},
    {0x1e14, 0x1e1d, 'e'},
    {0x1e1e, 0x1e1f, 'f'},
    {0x1e20, 0x1e21, 'g'},
    {0x1e22, 0x1e2b, 'h'},
    {0x1e2c, 0x1e2f, 'i'},
    {0x1e30, 0x1e35, 'k'},
    {0x1e36, 0x1e3d, 'l'},
    {0x1e3e, 0x1e43, 'm'},
    {0x1e44, 0x1e4b, 'n'},
    {0x1e4c, 0x1e53, 'o'},
    {0x1e54, 0x1e57, 'p'},
    {0x1e58, 0x1e5f, 'r'},
    {0x1e60, 0x1e69, 's'},
    {0x1e6a, 0x1e71, 't'},
    {0x1e72, 0x1e7b, 'u'},
    {0x1e7c, 0x1e7f, 'v'},
    {0x1e80, 0x1e89, 'w'},
    {0x1e8a, 0x1e8d, 'x'},
    {0x1e8e, 0x1e8f, 'y'},
    {0x1e90, 0x1e95, 'z'},
    {0x1ea0, 0x1eb7, 'a'},
    {0x1eb8, 0x1ec7, 'e'},
    {0x1ec8, 0x1ecb, 'i'},
    {0x1ecc, 0x1ee3, 'o'},
    {0x1ee4, 0x1ef1, 'u'},
    {0x1ef2, 0x1ef9, 'y'},
};

static uint32_t without_accent(uint32_t point)
{
    for (size_t i = 0; i < sizeof RANGES / sizeof RANGES[0]; i++)
        if (point >= RANGES[i].first && point <= RANGES[i].last)
            return (uint8_t)RANGES[i].plain;
    return point;
}

/* The next code point; a stray byte counts as one of its own value. */
static uint32_t next_point(const char **text)
{
    const uint8_t *p = (const uint8_t *)*text;
    const size_t more = *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc2 ? 1 : 0;
    uint32_t point = more == 0 ? *p : *p & (0x3fu >> more);

    for (size_t i = 1; i <= more; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            *text += 1;
            return *p;
        }
        point = point << 6 | (p[i] & 0x3f);
    }
    *text += more + 1;
    return point;
}

/* Greek, Cyrillic and the paired letters of Latin that have no accent. */
static uint32_t lower(uint32_t point)
{
    if (point >= 0x391 && point <= 0x3a9)
        return point + 0x20;
    if (point == 0x3c2)
        return 0x3c3; /* final sigma */
    if (point >= 0x410 && point <= 0x42f)
        return point + 0x20;
    if (point >= 0x400 && point <= 0x40f)
        return point + 0x50;
    if ((point >= 0x1f8 && point <= 0x21f) ||
        (point >= 0x1e00 && point <= 0x1eff))
        return point | 1;
    return point;
}

static bool is_apostrophe(uint32_t point)
{
    return point == '\'' || point == '`' || point == 0xb4 || point == 0x2bb ||
           point == 0x2bc || point == 0x2018 || point == 0x2019;
}

/* Combining accents, and marks that show nothing. */
static bool is_invisible(uint32_t point)
{
    return (point >= 0x300 && point <= 0x36f) || point == 0xad ||
           (point >= 0x200b && point <= 0x200f) || point == 0xfeff;
}

static bool is_word(uint32_t point)
{
    if (point < 0x80)
        return (point >= '0' && point <= '9') ||
               (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z');
    return point >= FIRST_PLAIN && !(point >= 0x2000 && point <= 0x206f) &&
           point != 0x3000;
}

/* The folded form of one code point, as UTF-8. */
static size_t fold_point(char out[4], uint32_t point)
{
    if (point >= 'A' && point <= 'Z')
        point += 'a' - 'A';
    if (point >= FIRST_PLAIN && point < AFTER_PLAIN) {
        const char plain = PLAIN[point - FIRST_PLAIN];

        if (plain >= '0' && plain <= '9') {
            memcpy(out, PAIRS[plain - '0'], 2);
            return 2;
        }
        point = (uint8_t)plain;
    }
    point = lower(without_accent(point));
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (char)(0xc0 | point >> 6);
        out[1] = (char)(0x80 | (point & 0x3f));
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (char)(0xe0 | point >> 12);
        out[1] = (char)(0x80 | (point >> 6 & 0x3f));
        out[2] = (char)(0x80 | (point & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | point >> 18);
    out[1] = (char)(0x80 | (point >> 12 & 0x3f));
    out[2] = (char)(0x80 | (point >> 6 & 0x3f));
    out[3] = (char)(0x80 | (point & 0x3f));
    return 4;
}

char *name_fold(char *out, size_t size, const char *text)
{
    size_t len = 0;
    bool gap = false;

    while (*text != '\0') {
        const uint32_t point = next_point(&text);
        char folded[4];
        size_t count;

        if (is_apostrophe(point) || is_invisible(point))
            continue;
        if (!is_word(point) || point == 0xd7 || point == 0xf7) {
            gap = len > 0;
            continue;
        }
        count = fold_point(folded, point);
        if (len + gap + count >= size)
            break;
        if (gap)
            out[len++] = ' ';
        memcpy(out + len, folded, count);
        len += count;
        gap = false;
    }
    out[len] = '\0';
    return out;
}

/* "O Dowd" is O'Dowd, and "Mary Ann" may be Maryann. */
static void drop_spaces(char *text)
{
    char *to = text;

    for (; *text != '\0'; text++)
        if (*text != ' ')
            *to++ = *text;
    *to = '\0';
}

bool name_same(const char *a, const char *b)
{
    const size_t a_size = strlen(a) + 1, b_size = strlen(b) + 1;
    SCOPED(mem_freep) char *fold_a = mem_alloc(a_size);
    SCOPED(mem_freep) char *fold_b = mem_alloc(b_size);

    name_fold(fold_a, a_size, a);
    name_fold(fold_b, b_size, b);
    drop_spaces(fold_a);
    drop_spaces(fold_b);
    return fold_a[0] != '\0' && strcmp(fold_a, fold_b) == 0;
}
