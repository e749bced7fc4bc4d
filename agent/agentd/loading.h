/*
 * loading - what comes of a sheet that somebody loads: how many of its rows
 * were taken, and which were refused, by line and with the reason.
 *
 * Rows that are right are taken although others are refused, all in one
 * transaction; a dry run takes none and says the same.
 */
#ifndef AGENTD_LOADING_H
#define AGENTD_LOADING_H

#include <jansson.h>
#include <stdbool.h>

#include "base/attr.h"

struct casework_file;
struct casework_pupil;
struct err;
struct request;

#define LOADING_MAX_ROWS 5000

struct loading {
    struct request *request;
    const json_t *rows; /* [{"line":2,...}] */
    bool dry_run;
    json_t *refused;
    json_int_t accepted, changed, unchanged;
};

/** From args "rows" and "dry_run".  Errors: ERR_USAGE. */
MUST_CHECK int loading_begin(
    struct loading *loading, struct request *request, struct err *err);

/** Take each row, in their order, up to the first error: a row that is only
 * refused is none. */
MUST_CHECK int loading_each(struct loading *loading,
    int (*take)(struct loading *loading, const json_t *row, struct err *err),
    struct err *err);

/** The row is not taken: reason is a code, detail a sentence for people. */
void loading_refuse(struct loading *loading, const json_t *row,
    const char *reason, const char *detail);

/** The text of a row's cell; "" with a refusal if it is over max bytes or not
 * clean.  Returns false then. */
bool loading_text(const char **out, struct loading *loading, const json_t *row,
    const char *name, size_t max);

/** The child of the row's column upn; NULL with a refusal if that is no UPN or
 * no record of it is here. */
const struct casework_pupil *loading_child(
    struct casework_file **file, struct loading *loading, const json_t *row);

/** Another line of the sheet is about the child of this row: refused. */
bool loading_is_second(struct loading *loading, const json_t *row);

/** {"accepted","changed","unchanged","refused":[...],"dry_run"}; loading is
 * done with. */
json_t *loading_report(struct loading *loading);
void loading_end(struct loading *loading);

#endif
