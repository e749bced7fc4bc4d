#include "cli/render_letter.h"

#include <string.h>

#include "base/mem.h"
#include "cli/grid.h"
#include "cli/said.h"

#define COUNT(columns) (sizeof columns / sizeof columns[0])
#define ADDRESS_LINES 8

static void print_lines(struct call *call, const char *text)
{
    while (*text != '\0') {
        const size_t len = strcspn(text, "\n");
        SCOPED(mem_freep) char *line = mem_format("%.*s", (int)len, text);

        if (len == 0)
            output_gap(call->output);
        else
            output_wrap(call->output, "", line);
        text += len + (text[len] == '\n');
    }
}

void render_letter_print(struct call *call, const json_t *letter)
{
    const json_t *address = json_object_get(letter, "address");
    const char *to = said_text(letter, "to");
    const char *advice = said_text(letter, "advice");
    const bool is_letter = strcmp(said_text(letter, "channel"), "letter") == 0;

    if (is_letter) {
        output_line(
            call->output, OUTPUT_PLAIN, "%s", said_text(letter, "name"));
        for (size_t i = 0; i < json_array_size(address); i++)
            output_line(call->output, OUTPUT_PLAIN, "%s",
                json_string_value(json_array_get(address, i)));
        if (json_array_size(address) == 0)
            output_line(call->output, OUTPUT_WARN,
                "(no address to print: hand it over, or ask the primary "
                "school)");
    } else if (to[0] != '\0')
        output_line(call->output, OUTPUT_PLAIN, "To: %s", to);
    output_gap(call->output);
    print_lines(call, said_text(letter, "body"));
    if (advice[0] != '\0') {
        output_gap(call->output);
        output_wrap(call->output, "Before you send it: ", advice);
    }
}

static const struct grid_column letter_columns[] = {
    {"case", NULL, 0},
    {"name", NULL, 0},
    {"address1", NULL, 0},
    {"address2", NULL, 0},
    {"address3", NULL, 0},
    {"address4", NULL, 0},
    {"address5", NULL, 0},
    {"address6", NULL, 0},
    {"address7", NULL, 0},
    {"postcode", NULL, 0},
    {"channel", NULL, 0},
    {"to", NULL, 0},
    {"language", NULL, 0},
    {"format", NULL, 0},
    {"body", NULL, 0},
};

static void letter_cells(struct grid *grid, const json_t *letter)
{
    const json_t *address = json_object_get(letter, "address");
    const size_t count = json_array_size(address);

    grid_cell(grid, "%s", said_text(letter, "case"));
    grid_cell(grid, "%s", said_text(letter, "name"));
    for (size_t i = 0; i + 1 < ADDRESS_LINES; i++)
        grid_cell(grid, "%s",
            i + 1 < count ? json_string_value(json_array_get(address, i)) : "");
    grid_cell(grid, "%s",
        count > 0 ? json_string_value(json_array_get(address, count - 1)) : "");
    grid_cell(grid, "%s", said_text(letter, "channel"));
    grid_cell(grid, "%s", said_text(letter, "to"));
    grid_cell(grid, "%s", said_text(letter, "language_name"));
    grid_cell(grid, "%s", said_text(letter, "format"));
    grid_cell(grid, "%s", said_text(letter, "body"));
}

void render_letter_all(struct call *call, const json_t *result)
{
    const json_t *letters = json_object_get(result, "letters");
    const size_t count = json_array_size(letters);
    SCOPED(grid_freep)
    struct grid *grid = grid_new(letter_columns, COUNT(letter_columns));

    for (size_t i = 0; i < count; i++) {
        const json_t *letter = json_array_get(letters, i);

        if (call->output->form == OUTPUT_CSV) {
            letter_cells(grid, letter);
            continue;
        }
        if (i > 0)
            output_line(call->output, OUTPUT_PLAIN, "%s",
                "------------------------------------------------------------");
        render_letter_print(call, letter);
    }
    if (call->output->form == OUTPUT_CSV) {
        grid_print(grid, call->output);
        return;
    }
    if (count > 0)
        output_gap(call->output);
    else
        output_line(call->output, OUTPUT_PLAIN, "Nobody is invited to it yet.");
    output_next(call->output, count > 0 ? "send each; --csv is for a mail merge"
                                        : "moveup invite CASE --session N");
}
