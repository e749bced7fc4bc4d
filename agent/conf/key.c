#include "conf/key.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "conf/hours.h"

#define NAME_MAX_BYTES 64 /* names are compared up to here */

static bool is_digits(const char *text, size_t count)
{
    return strspn(text, "0123456789") >= count;
}

static int set_number(
    int32_t *out, const struct key *key, const char *text, struct err *err)
{
    const size_t len = strlen(text);
    long value;

    value = strtol(text, NULL, 10);
    if (len == 0 || len > 9 || !is_digits(text, len) || value < key->min ||
        value > key->max)
        return err_set(err, ERR_MALFORMED, "%s must be a number from %d to %d",
            key->name, (int)key->min, (int)key->max);
    *out = (int32_t)value;
    return 0;
}

static bool is_level(const char *text)
{
    static const char *const levels[] = {"debug", "info", "warn", "error"};

    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        if (strcmp(text, levels[i]) == 0)
            return true;
    return false;
}

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

static bool is_date(const char *text)
{
    int year, month, day;

    if (strlen(text) != 10 || !is_digits(text, 4) || text[4] != '-' ||
        !is_digits(text + 5, 2) || text[7] != '-' || !is_digits(text + 8, 2))
        return false;
    year = (int)strtol(text, NULL, 10);
    month = (int)strtol(text + 5, NULL, 10);
    day = (int)strtol(text + 8, NULL, 10);
    return year >= 2000 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days_of(year, month);
}

static bool is_endpoint(const char *text)
{
    static const char host[] = "abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]*";
    const char *port = strrchr(text, ':');
    size_t len;

    if (strncmp(text, "tcp://", 6) != 0 || port < text + 7)
        return false;
    len = strlen(++port);
    return strspn(text + 6, host) == strlen(text + 6) && len >= 1 && len <= 5 &&
           is_digits(port, len) && strtol(port, NULL, 10) >= 1 &&
           strtol(port, NULL, 10) <= 65535;
}

static int set_text(
    char *out, const struct key *key, const char *text, struct err *err)
{
    const char *what = NULL;
    struct hours hours;

    if (key->kind == KEY_LEVEL && !is_level(text))
        what = "one of debug, info, warn, error";
    if (key->kind == KEY_DATE && text[0] != '\0' && !is_date(text))
        what = "a date, such as 2027-09-02";
    if (key->kind == KEY_ENDPOINT && text[0] != '\0' &&
        (!is_endpoint(text) || strlen(text) >= key->size))
        what = "an address, such as tcp://0.0.0.0:7700";
    if (key->kind == KEY_HOURS &&
        (hours_parse(&hours, text, NULL) < 0 || strlen(text) >= key->size))
        what = "like Mo-Fr 08:30-19:30, Sa 10:00-13:00";
    if (what != NULL)
        return err_set(err, ERR_MALFORMED, "%s must be %s", key->name, what);
    memset(out, 0, key->size);
    memcpy(out, text, strlen(text));
    return 0;
}

int key_set(
    void *settings, const struct key *key, const char *text, struct err *err)
{
    char *field = (char *)settings + key->offset;
    int32_t number = 0;
    int rc;

    if (key->kind != KEY_NUMBER)
        return set_text(field, key, text, err);
    rc = set_number(&number, key, text, err);
    if (rc == 0)
        memcpy(field, &number, sizeof number);
    return rc;
}

void key_print(FILE *out, const struct key *key, const void *settings)
{
    const char *field = (const char *)settings + key->offset;
    int32_t number;

    fprintf(out, "; %s\n", key->sentence);
    if (key->kind == KEY_NUMBER) {
        memcpy(&number, field, sizeof number);
        fprintf(out, "; %d to %d, default %s\n", (int)key->min, (int)key->max,
            key->fallback);
        fprintf(out, "%s = %d\n", key->name, (int)number);
        return;
    }
    if (key->fallback[0] != '\0')
        fprintf(out, "; default %s\n", key->fallback);
    fprintf(out, "%s =%s%s\n", key->name, field[0] == '\0' ? "" : " ", field);
}

const struct key *key_find(
    const struct key_table *table, const char *section, const char *name)
{
    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->keys[i].section, section) == 0 &&
            strcmp(table->keys[i].name, name) == 0)
            return &table->keys[i];
    return NULL;
}

static size_t least(size_t a, size_t b, size_t c)
{
    const size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

/* How many letters to add, drop or change (Levenshtein). */
static size_t distance(const char *a, const char *b)
{
    size_t row[NAME_MAX_BYTES + 1];
    const size_t width = strnlen(b, NAME_MAX_BYTES);

    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 1; i <= strnlen(a, NAME_MAX_BYTES); i++) {
        size_t corner = row[0];

        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            const size_t above = row[j];

            row[j] = least(row[j - 1] + 1, above + 1,
                corner + (a[i - 1] == b[j - 1] ? 0 : 1));
            corner = above;
        }
    }
    return row[width];
}

const struct key *key_nearest(
    const struct key_table *table, const char *section, const char *name)
{
    const struct key *best = NULL;
    size_t best_distance = SIZE_MAX;

    for (size_t i = 0; i < table->count; i++) {
        const struct key *key = &table->keys[i];
        /* A right name in a wrong section is nearer than any other name. */
        const size_t d = 4 * distance(name, key->name) +
                         (strcmp(section, key->section) == 0 ? 0 : 1);

        if (d < best_distance) {
            best_distance = d;
            best = key;
        }
    }
    return best;
}
