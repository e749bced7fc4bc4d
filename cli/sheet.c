#include "cli/sheet.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"

#define CELL_SIZE 80
#define MAX_COLUMNS 64

/* Where reading stands. */
struct sheet {
    const char *at, *end;
    char comma;
    int line;
    char cell[CELL_SIZE]; /* the last one, cut */
    bool last;            /* it ended its row */
};

/* Which column is which; -1: none. */
struct columns {
    int family, contact, attended;
};

static void keep(struct sheet *sheet, size_t *len, char c)
{
    if (*len + 1 < CELL_SIZE)
        sheet->cell[(*len)++] = c;
    if (c == '\n')
        sheet->line++;
}

static int quoted(struct sheet *sheet, size_t *len, struct err *err)
{
    for (sheet->at++; sheet->at < sheet->end; sheet->at++) {
        if (*sheet->at != '"')
            keep(sheet, len, *sheet->at);
        else if (sheet->at + 1 < sheet->end && sheet->at[1] == '"')
            keep(sheet, len, *sheet->at++);
        else {
            sheet->at++;
            return 0;
        }
    }
    return err_set(
        err, ERR_MALFORMED, "line %d: a quote does not end", sheet->line);
}

static bool ends_cell(const struct sheet *sheet)
{
    return *sheet->at == sheet->comma || *sheet->at == '\n';
}

/* The next cell; spaces, and the apostrophe before what would be a formula, are
 * left out. */
static int next_cell(struct sheet *sheet, struct err *err)
{
    size_t len = 0;
    int rc = 0;

    if (sheet->at < sheet->end && *sheet->at == '"')
        rc = quoted(sheet, &len, err);
    for (; rc == 0 && sheet->at < sheet->end && !ends_cell(sheet); sheet->at++)
        if (*sheet->at != '\r')
            keep(sheet, &len, *sheet->at);
    sheet->last = sheet->at >= sheet->end || *sheet->at == '\n';
    if (sheet->at < sheet->end)
        sheet->at++;
    while (len > 0 && sheet->cell[len - 1] == ' ')
        len--;
    sheet->cell[len] = '\0';
    len = strspn(sheet->cell, " '");
    memmove(sheet->cell, sheet->cell + len, strlen(sheet->cell + len) + 1);
    return rc;
}

static int read_header(
    struct columns *out, struct sheet *sheet, struct err *err)
{
    *out = (struct columns){-1, -1, -1};
    for (int i = 0; i < MAX_COLUMNS; i++) {
        const int rc = next_cell(sheet, err);

        if (rc < 0)
            return rc;
        if (strcasecmp(sheet->cell, "case") == 0)
            out->family = i;
        else if (strcasecmp(sheet->cell, "contact") == 0)
            out->contact = i;
        else if (strcasecmp(sheet->cell, "attended") == 0)
            out->attended = i;
        if (sheet->last)
            break;
    }
    if (out->family < 0 || out->attended < 0)
        return err_set(err, ERR_MALFORMED,
            "the first line must name the columns case and attended");
    return 0;
}

static int says(const char *cell, int line, struct err *err)
{
    static const char *const yes[] = {"y", "yes", "1", "x", "true"};
    static const char *const no[] = {"n", "no", "0", "-", "false"};

    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        if (strcasecmp(cell, yes[i]) == 0)
            return 1;
        if (strcasecmp(cell, no[i]) == 0)
            return 0;
    }
    return err_set(
        err, ERR_MALFORMED, "line %d: attended must be yes, no or empty", line);
}

static int read_row(json_t *list, struct sheet *sheet,
    const struct columns *columns, struct err *err)
{
    char family[CELL_SIZE] = "";
    char attended[CELL_SIZE] = "";
    long long contact = 0;
    const int line = sheet->line;
    int said;

    for (int i = 0;; i++) {
        const int rc = next_cell(sheet, err);

        if (rc < 0)
            return rc;
        if (i == columns->family)
            memcpy(family, sheet->cell, CELL_SIZE);
        else if (i == columns->attended)
            memcpy(attended, sheet->cell, CELL_SIZE);
        else if (i == columns->contact)
            contact = strtoll(sheet->cell, NULL, 10);
        if (sheet->last)
            break;
    }
    if (family[0] == '\0' || attended[0] == '\0')
        return 0;
    said = says(attended, line, err);
    if (said < 0)
        return said;
    json_array_append_new(
        list, json_pack("{s:s,s:b}", "case", family, "attended", said));
    if (contact > 0)
        json_object_set_new(json_array_get(list, json_array_size(list) - 1),
            "contact", json_integer(contact));
    return 0;
}

/* What spreadsheets here write; some countries' put `;`. */
static char comma_of(const char *text, size_t len)
{
    const char *line_end = memchr(text, '\n', len);
    const size_t first = line_end == NULL ? len : (size_t)(line_end - text);

    return memchr(text, ',', first) == NULL && memchr(text, ';', first) != NULL
               ? ';'
               : ',';
}

int sheet_marks(json_t **out, struct bytes text, struct err *err)
{
    struct sheet sheet = {.at = (const char *)text.data,
        .end = (const char *)text.data + text.len,
        .line = 1};
    struct columns columns;
    json_t *list;
    int rc;

    *out = NULL;
    if (text.len == 0)
        return err_set(err, ERR_MALFORMED, "the sheet is empty");
    if (text.len >= 3 && memcmp(sheet.at, "\xef\xbb\xbf", 3) == 0)
        sheet.at += 3;
    sheet.comma = comma_of(sheet.at, (size_t)(sheet.end - sheet.at));
    rc = read_header(&columns, &sheet, err);
    list = json_array();
    while (rc == 0 && sheet.at < sheet.end) {
        sheet.line++;
        rc = read_row(list, &sheet, &columns, err);
    }
    if (rc < 0)
        json_decref(list);
    else
        *out = list;
    return rc;
}
