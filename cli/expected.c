#include "cli/expected.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "cli/said.h"
#include "cli/sheet.h"

#define MOST 100000 /* in the column count */

static int order(const struct expected_pair *pair, const struct laestab *from,
    const struct laestab *to)
{
    const int by_from = strcmp(pair->from.text, from->text);

    return by_from != 0 ? by_from : strcmp(pair->to.text, to->text);
}

static size_t place_of(const struct expected *offers,
    const struct laestab *from, const struct laestab *to)
{
    size_t low = 0;
    size_t high = offers->count;

    while (low < high) {
        const size_t mid = (low + high) / 2;

        if (order(&offers->pairs[mid], from, to) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void add(struct expected *offers, const struct expected_pair *more)
{
    const size_t at = place_of(offers, &more->from, &more->to);

    offers->pupils += more->pupils;
    if (at < offers->count &&
        order(&offers->pairs[at], &more->from, &more->to) == 0) {
        offers->pairs[at].pupils += more->pupils;
        return;
    }
    if (offers->count == offers->room) {
        offers->room = offers->room * 2 + 64;
        offers->pairs =
            mem_resize(offers->pairs, offers->room, sizeof *offers->pairs);
    }
    memmove(&offers->pairs[at + 1], &offers->pairs[at],
        (offers->count - at) * sizeof *offers->pairs);
    offers->count++;
    offers->pairs[at] = *more;
}

static int read_school(
    struct laestab *out, const json_t *row, const char *column, struct err *err)
{
    const char *text = said_text(row, column);

    if (laestab_parse(out, text, NULL) < 0)
        return err_set(err, ERR_MALFORMED,
            "line %lld: %s is not a LAESTAB (seven digits)",
            (long long)said_number(row, "line"), column);
    return 0;
}

static int read_count(uint64_t *out, const json_t *row, struct err *err)
{
    const char *text = said_text(row, "count");
    char *end;
    const long long count = strtoll(text, &end, 10);

    *out = 1;
    if (text[0] == '\0')
        return 0;
    if (*end != '\0' || count < 0 || count > MOST)
        return err_set(err, ERR_MALFORMED, "line %lld: count is not a number",
            (long long)said_number(row, "line"));
    *out = (uint64_t)count;
    return 0;
}

/* The second and later lines of a child are not counted. */
static bool is_again(json_t *seen, json_t *duplicates, const json_t *row)
{
    const char *upn = said_text(row, "upn");
    const json_int_t line = said_number(row, "line");
    json_t *first;

    if (upn[0] == '\0')
        return false;
    first = json_object_get(seen, upn);
    if (first == NULL) {
        json_object_set_new(seen, upn, json_integer(line));
        return false;
    }
    json_array_append_new(duplicates,
        json_pack("{s:[I,I]}", "lines", json_integer_value(first), line));
    return true;
}

static int read_rows(struct expected *out, const json_t *rows, struct err *err)
{
    json_t *seen = json_object();
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        struct expected_pair pair;

        rc = read_school(&pair.from, row, "from", err);
        if (rc == 0)
            rc = read_school(&pair.to, row, "to", err);
        if (rc == 0)
            rc = read_count(&pair.pupils, row, err);
        if (rc == 0 && !is_again(seen, out->duplicates, row))
            add(out, &pair);
    }
    json_decref(seen);
    return rc;
}

int expected_read(struct expected *out, struct bytes text, struct err *err)
{
    static const struct sheet_column columns[] = {
        {"from", true}, {"to", true}, {"upn", false}, {"count", false}};
    json_t *rows = NULL;
    int rc = sheet_rows(&rows, text, columns, 4, err);

    *out = (struct expected){.duplicates = json_array()};
    if (rc == 0)
        rc = read_rows(out, rows, err);
    json_decref(rows);
    if (rc < 0)
        expected_free(out);
    return rc;
}

uint64_t expected_from(const struct expected *offers,
    const struct laestab *from, const struct laestab *to)
{
    const size_t at = place_of(offers, from, to);

    return at < offers->count && order(&offers->pairs[at], from, to) == 0
               ? offers->pairs[at].pupils
               : 0;
}

void expected_free(struct expected *offers)
{
    free(offers->pairs);
    json_decref(offers->duplicates);
    *offers = (struct expected){.pairs = NULL};
}
