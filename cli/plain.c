#include "cli/plain.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "record/codes.h"

struct pair {
    const char *code;
    const char *words;
};

static const struct pair bands[] = {
    {"MORN", "morning"},
    {"AFT", "afternoon"},
    {"EVE", "evening"},
    {"SAT", "Saturday"},
};
static const struct pair blocked[] = {
    {"leased", "with another caller"},
    {"no_usable_point", "no usable number"},
    {"awaiting_record", "awaiting the record"},
    {"held", "with the safeguarding lead"},
    {"escalated", "escalated to the lead"},
    {"declined", "declined, written to"},
};

#define LOOK_UP(table, code)                                                   \
    look_up(table, sizeof table / sizeof table[0], code)

static const char *look_up(
    const struct pair *table, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i].code, code) == 0)
            return table[i].words;
    return NULL;
}

/* How Ofcom writes numbers of ten digits after the 0. */
static size_t area_digits(const char *national)
{
    return national[0] == '2'                         ? 2
           : national[0] == '1' && national[1] == '1' ? 3
           : national[0] == '1' && national[2] == '1' ? 3
           : national[0] == '3' || national[0] == '8' ? 3
                                                      : 4;
}

const char *plain_phone(const char *value, char text[PLAIN_SIZE])
{
    const char *national = value + 3;
    size_t area;

    snprintf(text, PLAIN_SIZE, "%s", value);
    if (strncmp(value, "+44", 3) != 0 || strlen(national) != 10 ||
        strspn(national, "0123456789") != 10)
        return text;
    area = area_digits(national);
    if (area == 4)
        snprintf(text, PLAIN_SIZE, "0%.4s %s", national, national + 4);
    else
        snprintf(text, PLAIN_SIZE, "0%.*s %.*s %s", (int)area, national,
            (int)(6 - area), national + area, national + 6);
    return text;
}

const char *plain_relationship(const char *code, char text[PLAIN_SIZE])
{
    const char *words = codes_describe(CODES_RELATIONSHIP, code);

    if (code[0] == '\0')
        return "relationship not stated";
    snprintf(text, PLAIN_SIZE, "%s", words);
    if (strcmp(words, code) != 0)
        for (char *c = text; *c != '\0'; c++)
            *c = (char)tolower((unsigned char)*c);
    return text;
}

const char *plain_band(const char *band)
{
    const char *words = LOOK_UP(bands, band);

    return words == NULL ? band : words;
}

const char *plain_code(const char *code, char text[PLAIN_SIZE])
{
    snprintf(text, PLAIN_SIZE, "%s", code);
    for (char *c = text; *c != '\0'; c++)
        if (*c == '_' || *c == '-')
            *c = ' ';
    return text;
}

const char *plain_blocked(const char *key, char text[PLAIN_SIZE])
{
    const char *words = LOOK_UP(blocked, key);

    return words == NULL ? plain_code(key, text) : words;
}

const char *plain_count(
    long long count, const char *one, const char *many, char text[PLAIN_SIZE])
{
    snprintf(text, PLAIN_SIZE, "%lld %s", count, count == 1 ? one : many);
    return text;
}
