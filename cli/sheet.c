#include "cli/sheet.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "ctf/kind.h"

#define CELL_SIZE 640
#define MAX_CELLS 256 /* of a row */

/* Where reading stands. */
struct sheet {
    const char *at, *end;
    char comma;
    int line;
    char cell[CELL_SIZE]; /* the last one */
    bool cut;             /* there was more of it */
    bool last;            /* it ended its row */
    const struct sheet_column *wanted;
    size_t count;
    size_t which[MAX_CELLS]; /* wanted column of each cell, from 1; 0: none */
};

static void keep(struct sheet *sheet, size_t *len, char c)
{
    if (*len + 1 < CELL_SIZE)
        sheet->cell[(*len)++] = c;
    else
        sheet->cut = true;
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

    sheet->cut = false;
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

/* --- rows --- */

static int check_columns(
    const struct sheet *sheet, const bool *present, struct err *err)
{
    for (size_t i = 0; i < sheet->count; i++)
        if (sheet->wanted[i].needed && !present[i])
            return err_set(err, ERR_MALFORMED,
                "the first line must name the column %s",
                sheet->wanted[i].name);
    return 0;
}

static int read_header(struct sheet *sheet, struct err *err)
{
    bool present[SHEET_MAX_COLUMNS] = {false};

    for (size_t i = 0;; i++) {
        const int rc = next_cell(sheet, err);

        if (rc < 0)
            return rc;
        for (size_t j = 0; i < MAX_CELLS && j < sheet->count; j++)
            if (!present[j] &&
                strcasecmp(sheet->cell, sheet->wanted[j].name) == 0) {
                sheet->which[i] = j + 1;
                present[j] = true;
                break;
            }
        if (sheet->last)
            return check_columns(sheet, present, err);
    }
}

static int put_cell(json_t *row, const struct sheet *sheet,
    const struct sheet_column *column, struct err *err)
{
    json_t *text = json_string(sheet->cell);

    if (text != NULL && !sheet->cut)
        return json_object_set_new(row, column->name, text);
    json_decref(text);
    return err_set(err, ERR_MALFORMED, "line %d: %s is %s", sheet->line,
        column->name,
        sheet->cut ? "too long" : "not UTF-8: save the sheet as CSV UTF-8");
}

/* A row without a word in any wanted column is left out. */
static int read_row(json_t *list, struct sheet *sheet, struct err *err)
{
    json_t *row = json_pack("{s:i}", "line", sheet->line);
    bool empty = true;
    int rc = 0;

    for (size_t i = 0; rc == 0; i++) {
        const size_t which = i < MAX_CELLS ? sheet->which[i] : 0;

        rc = next_cell(sheet, err);
        if (rc == 0 && which != 0 && i < MAX_CELLS) {
            empty &= sheet->cell[0] == '\0';
            rc = put_cell(row, sheet, &sheet->wanted[which - 1], err);
        }
        if (sheet->last)
            break;
    }
    if (rc == 0 && !empty)
        json_array_append(list, row);
    json_decref(row);
    return rc;
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

int sheet_rows(json_t **out, struct bytes text,
    const struct sheet_column *columns, size_t count, struct err *err)
{
    struct sheet sheet = {.at = (const char *)text.data,
        .end = (const char *)text.data + text.len,
        .line = 1,
        .wanted = columns,
        .count = count};
    struct finding other;
    json_t *list;
    int rc;

    *out = NULL;
    if (text.len == 0)
        return err_set(err, ERR_MALFORMED, "the sheet is empty");
    if (kind_refuse(&other, (struct bytes){text.data,
                                text.len < KIND_HEAD ? text.len : KIND_HEAD}))
        return err_set(err, ERR_MALFORMED, "%s", other.detail);
    if (text.len >= 3 && memcmp(sheet.at, "\xef\xbb\xbf", 3) == 0)
        sheet.at += 3;
    sheet.comma = comma_of(sheet.at, (size_t)(sheet.end - sheet.at));
    rc = read_header(&sheet, err);
    list = json_array();
    while (rc == 0 && sheet.at < sheet.end) {
        sheet.line++;
        rc = read_row(list, &sheet, err);
    }
    if (rc < 0)
        json_decref(list);
    else
        *out = list;
    return rc;
}

/* --- marks of a door list --- */

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

static const char *cell_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));

    return text == NULL ? "" : text;
}

static int add_mark(json_t *marks, const json_t *row, struct err *err)
{
    const char *family = cell_of(row, "case");
    const char *attended = cell_of(row, "attended");
    const long long contact = strtoll(cell_of(row, "contact"), NULL, 10);
    json_t *mark;
    int said;

    if (family[0] == '\0' || attended[0] == '\0')
        return 0;
    said = says(
        attended, (int)json_integer_value(json_object_get(row, "line")), err);
    if (said < 0)
        return said;
    mark = json_pack("{s:s,s:b}", "case", family, "attended", said);
    if (contact > 0)
        json_object_set_new(mark, "contact", json_integer(contact));
    return json_array_append_new(marks, mark);
}

int sheet_marks(json_t **out, struct bytes text, struct err *err)
{
    static const struct sheet_column columns[] = {
        {"case", true}, {"contact", false}, {"attended", true}};
    json_t *rows;
    json_t *marks;
    int rc = sheet_rows(&rows, text, columns, 3, err);

    *out = NULL;
    if (rc < 0)
        return rc;
    marks = json_array();
    for (size_t i = 0; rc == 0 && i < json_array_size(rows); i++)
        rc = add_mark(marks, json_array_get(rows, i), err);
    json_decref(rows);
    if (rc < 0)
        json_decref(marks);
    else
        *out = marks;
    return rc;
}
