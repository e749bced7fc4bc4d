/*
 * sheet - a filled-in door list read back: CSV as `session doorlist --csv`
 * prints it and spreadsheets save it (RFC 4180, `,` or `;`, a byte-order mark,
 * any order of columns).
 */
#ifndef CLI_SHEET_H
#define CLI_SHEET_H

#include <jansson.h>

#include "base/attr.h"
#include "base/bytes.h"

struct err;

#define SHEET_MAX_BYTES ((size_t)1024 * 1024)

/**
 * [{"case","contact","attended"}] of the rows whose column "attended" says yes
 * or no (y, n, 1, 0, x); a row where it is empty is left out.
 *
 * Errors: ERR_MALFORMED with the line: a column is missing, a cell is neither
 * yes nor no, a quote does not end.
 */
MUST_CHECK int sheet_marks(json_t **out, struct bytes text, struct err *err);

#endif
