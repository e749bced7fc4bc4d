/*
 * sheet - a sheet that somebody filled in: CSV as spreadsheets save it (RFC
 * 4180, `,` or `;`, a byte-order mark, any order of columns).  Columns that
 * nobody asks for are passed over.
 */
#ifndef CLI_SHEET_H
#define CLI_SHEET_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/bytes.h"

struct err;

#define SHEET_MAX_BYTES ((size_t)1024 * 1024)
#define SHEET_MAX_COLUMNS 16 /* that are asked for */

struct sheet_column {
    const char *name; /* in the first line, in any case */
    bool needed;
};

/**
 * [{"line":2,"upn":"...",...}]: each row with the text of each of the columns
 * that it has; a row that is empty is left out.
 *
 * Errors: ERR_MALFORMED with the line: a needed column is missing, a cell is
 * too long or not UTF-8, a quote does not end.
 */
MUST_CHECK int sheet_rows(json_t **out, struct bytes text,
    const struct sheet_column *columns, size_t count, struct err *err);

/**
 * Of a filled-in door list (`session doorlist --csv`):
 * [{"case","contact","attended"}] of the rows whose column "attended" says yes
 * or no (y, n, 1, 0, x); a row where it is empty is left out.
 *
 * Errors: ERR_MALFORMED with the line: a column is missing, a cell is neither
 * yes nor no, a quote does not end.
 */
MUST_CHECK int sheet_marks(json_t **out, struct bytes text, struct err *err);

#endif
