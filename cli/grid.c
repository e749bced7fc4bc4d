#include "cli/grid.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

#define GAP 2
#define LEAST_CUT ((size_t)8)

struct grid {
    const struct grid_column *columns;
    size_t column_count;
    char **cells; /* row after row */
    size_t cell_count;
    enum output_style *styles; /* of rows */
};

struct grid *grid_new(const struct grid_column *columns, size_t count)
{
    struct grid *grid = mem_alloc(sizeof *grid);

    grid->columns = columns;
    grid->column_count = count;
    return grid;
}

void grid_cell(struct grid *grid, const char *fmt, ...)
{
    SCOPED(mem_freep) char *text = NULL;
    char *clean;
    const size_t row = grid->cell_count / grid->column_count;
    va_list args;

    va_start(args, fmt);
    text = mem_vformat(fmt, args);
    va_end(args);
    /* Now, since a control character would upset the widths. */
    clean = mem_alloc(strlen(text) + 1);
    text_clean(clean, strlen(text) + 1, text);
    if (grid->cell_count % grid->column_count == 0) {
        grid->cells = mem_resize(
            grid->cells, (row + 1) * grid->column_count, sizeof(char *));
        grid->styles =
            mem_resize(grid->styles, row + 1, sizeof(enum output_style));
        grid->styles[row] = OUTPUT_PLAIN;
    }
    grid->cells[grid->cell_count++] = clean;
}

void grid_style(struct grid *grid, enum output_style style)
{
    if (grid->cell_count > 0)
        grid->styles[(grid->cell_count - 1) / grid->column_count] = style;
}

static size_t rows(const struct grid *grid)
{
    return grid->cell_count / grid->column_count;
}

static const char *cell(const struct grid *grid, size_t row, size_t column)
{
    return grid->cells[row * grid->column_count + column];
}

/* CSV */

/* What a spreadsheet would calculate: spaces before it do not stop all of them,
 * and some take the wide forms of the signs as well. */
static bool is_formula(const char *text)
{
    static const char *const wide[] = {"\uff1d", "\uff0b", "\uff0d", "\uff20"};

    text += strspn(text, " ");
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
        if (strncmp(text, wide[i], strlen(wide[i])) == 0)
            return true;
    return text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
}

static void csv_cell(FILE *out, const char *text)
{
    const bool formula = is_formula(text);

    if (!formula && strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, out);
        return;
    }
    fputs(formula ? "\"'" : "\"", out);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void print_csv(const struct grid *grid, FILE *out)
{
    for (size_t row = 0; row <= rows(grid); row++) {
        const char *between = "";

        for (size_t i = 0; i < grid->column_count; i++) {
            const struct grid_column *column = &grid->columns[i];

            if ((column->flags & GRID_TEXT) != 0)
                continue;
            fputs(between, out);
            between = ",";
            if (row > 0)
                csv_cell(out, cell(grid, row - 1, i));
            else
                csv_cell(
                    out, column->name == NULL ? column->title : column->name);
        }
        fputs("\r\n", out);
    }
}

/* Text */

static bool is_shown(const struct grid *grid, size_t column)
{
    return (grid->columns[column].flags & GRID_CSV) == 0;
}

static size_t total(const struct grid *grid, const size_t *widths)
{
    size_t sum = 0;

    for (size_t i = 0; i < grid->column_count; i++)
        if (is_shown(grid, i))
            sum += widths[i] + (sum > 0 ? GAP : 0);
    return sum;
}

/* The widest column that may still be cut; column_count if there is none. */
static size_t widest(const struct grid *grid, const size_t *widths)
{
    size_t best = grid->column_count;

    for (size_t i = 0; i < grid->column_count; i++)
        if (is_shown(grid, i) && (grid->columns[i].flags & GRID_CUT) != 0 &&
            widths[i] > LEAST_CUT &&
            (best == grid->column_count || widths[i] > widths[best]))
            best = i;
    return best;
}

static void measure(const struct grid *grid, size_t *widths, size_t limit)
{
    for (size_t i = 0; i < grid->column_count; i++) {
        widths[i] = text_columns(grid->columns[i].title);
        for (size_t row = 0; row < rows(grid); row++) {
            const size_t width = text_columns(cell(grid, row, i));

            if (width > widths[i])
                widths[i] = width;
        }
    }
    while (total(grid, widths) > limit) {
        const size_t give = widest(grid, widths);

        if (give == grid->column_count)
            return;
        widths[give]--;
    }
}

/* Bytes of text that take at most width columns. */
static size_t fitting(const char *text, size_t width)
{
    size_t best = 0;

    for (size_t end = 1; end <= strlen(text); end++) {
        SCOPED(mem_freep) char *part = NULL;

        if (((unsigned char)text[end] & 0xc0) == 0x80)
            continue;
        part = (char *)mem_copy((struct bytes){(const uint8_t *)text, end});
        if (text_columns(part) > width)
            break;
        best = end;
    }
    return best;
}

static void add_cell(
    struct buf *line, const char *text, size_t width, bool right)
{
    const size_t natural = text_columns(text);
    const size_t pad = natural < width ? width - natural : 0;

    if (natural > width)
        buf_format(line, "%.*s…", (int)fitting(text, width - 1), text);
    else if (right)
        buf_format(line, "%*s%s", (int)pad, "", text);
    else
        buf_format(line, "%s%*s", text, (int)pad, "");
}

static void print_row(const struct grid *grid, struct output *output,
    const size_t *widths, size_t row)
{
    SCOPED(buf_free) struct buf line = BUF_EMPTY;
    const bool is_title = row == 0;

    for (size_t i = 0; i < grid->column_count; i++) {
        if (!is_shown(grid, i))
            continue;
        if (line.len > 0)
            buf_format(&line, "%*s", GAP, "");
        add_cell(&line,
            is_title ? grid->columns[i].title : cell(grid, row - 1, i),
            widths[i], (grid->columns[i].flags & GRID_RIGHT) != 0);
    }
    output_line(output, is_title ? OUTPUT_HEADING : grid->styles[row - 1],
        "%.*s", (int)line.len, (const char *)line.data);
}

void grid_print(const struct grid *grid, struct output *output)
{
    SCOPED(mem_freep)
    size_t *widths = mem_alloc(grid->column_count * sizeof *widths);

    if (output->form == OUTPUT_CSV) {
        print_csv(grid, output->out);
        return;
    }
    measure(grid, widths, output->width);
    for (size_t row = 0; row <= rows(grid); row++)
        print_row(grid, output, widths, row);
}

bool grid_print_or(
    const struct grid *grid, struct output *output, const char *none)
{
    const bool text = output->form != OUTPUT_CSV;

    if (text && rows(grid) == 0)
        output_line(output, OUTPUT_PLAIN, "%s", none);
    else
        grid_print(grid, output);
    return text;
}

void grid_free(struct grid *grid)
{
    if (grid == NULL)
        return;
    for (size_t i = 0; i < grid->cell_count; i++)
        free(grid->cells[i]);
    free(grid->cells);
    free(grid->styles);
    free(grid);
}
