#include "cli/do_changes.h"

#include "cli/call.h"
#include "cli/grid.h"
#include "cli/plain.h"
#include "cli/said.h"

static const struct grid_column columns[] = {
    {"when", NULL, GRID_TEXT},
    {"at", NULL, GRID_CSV},
    {"case", NULL, GRID_RIGHT},
    {"pupil", NULL, GRID_CUT},
    {"kind", NULL, GRID_CSV},
    {"contact", NULL, GRID_CSV},
    {"what", "text", GRID_CUT},
    {"from", NULL, GRID_CSV},
};

static void add_row(struct grid *grid, const json_t *change)
{
    char when[SAID_TIME_SIZE];
    char name[SAID_NAME_SIZE];

    grid_cell(grid, "%s", said_time(change, "at", when));
    grid_cell(grid, "%s", said_text(change, "at"));
    grid_cell(grid, "%s", said_text(change, "case"));
    grid_cell(grid, "%s", said_joined(change, "pupils", "forename", name));
    grid_cell(grid, "%s", said_text(change, "kind"));
    grid_cell(grid, "%lld", (long long)said_number(change, "contact"));
    grid_cell(grid, "%s", said_text(change, "text"));
    grid_cell(grid, "%s", said_text(change, "from"));
}

static void render(struct call *call, const json_t *result)
{
    const json_t *changes = json_object_get(result, "changes");
    const json_int_t gone = said_number(result, "taken_back");
    struct output *output = call->output;
    char since[SAID_TIME_SIZE];
    char count[PLAIN_SIZE];
    SCOPED(grid_freep)
    struct grid *grid = grid_new(columns, sizeof columns / sizeof columns[0]);

    said_time(result, "since", since);
    for (size_t i = 0; i < json_array_size(changes); i++)
        add_row(grid, json_array_get(changes, i));
    if (output->form == OUTPUT_CSV || json_array_size(changes) > 0)
        grid_print(grid, output);
    if (output->form == OUTPUT_CSV)
        return;
    if (json_array_size(changes) == 0)
        output_line(
            output, OUTPUT_PLAIN, "Nothing has come in since %s.", since);
    if (gone > 0)
        output_line(output, OUTPUT_PLAIN,
            "%s taken back by primary schools since %s.",
            plain_count(gone, "record was", "records were", count), since);
    output_next(output, json_array_size(changes) > 0
                            ? "moveup card CASE; moveup list shows whom to call"
                            : "moveup list shows whom to call");
}

int do_changes_list(struct call *call)
{
    const char *since = call_option(call, "since");

    return call_agent(call, "changes",
        json_pack("{s:s}", "since", since == NULL ? "yesterday" : since),
        render);
}
