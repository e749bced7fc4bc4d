/*
 * grid - a list in columns: aligned for people, CSV for a spreadsheet.
 *
 *     SCOPED(grid_freep) struct grid *grid = grid_new(columns, 3);
 *     grid_cell(grid, "%s", name);      row by row, left to right
 *     ...
 *     grid_print(grid, output);
 *
 * As text the widest GRID_CUT column gives way until a line fits the terminal.
 * As CSV (RFC 4180) nothing is cut, and a cell that a spreadsheet would take
 * for a formula begins with an apostrophe.
 */
#ifndef CLI_GRID_H
#define CLI_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "cli/output.h"

enum {
    GRID_RIGHT = 1, /* numbers */
    GRID_CUT = 2,   /* may be shortened */
    GRID_TEXT = 4,  /* not in CSV */
    GRID_CSV = 8,   /* only in CSV */
};

struct grid_column {
    const char *title; /* for people */
    const char *name;  /* in the CSV header; NULL: as the title */
    unsigned flags;
};

struct grid;

/** columns is borrowed. */
struct grid *grid_new(const struct grid_column *columns, size_t count);

/** The next cell, copied. */
void grid_cell(struct grid *grid, const char *fmt, ...) PRINTF_LIKE(2, 3);

/** How the row of the last cell is shown on a terminal. */
void grid_style(struct grid *grid, enum output_style style);

/** Text or CSV, as output->form says. */
void grid_print(const struct grid *grid, struct output *output);

/** The same; but text without any row is that sentence.  Whether it was text:
 * then more words, such as what to do next, may follow. */
bool grid_print_or(
    const struct grid *grid, struct output *output, const char *none);

void grid_free(struct grid *grid); /* NULL is allowed */
static inline void grid_freep(struct grid **grid)
{
    grid_free(*grid);
}

#endif
