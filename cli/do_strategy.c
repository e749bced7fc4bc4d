#include "cli/do_strategy.h"

#include "cli/call.h"
#include "cli/grid.h"
#include "cli/plain.h"
#include "cli/said.h"

static void render_set(struct call *call, const json_t *result)
{
    const json_t *s = json_object_get(result, "strategy");
    const json_int_t families = said_number(s, "families");
    char count[PLAIN_SIZE];
    char first[PLAIN_SIZE];

    output_line(call->output, OUTPUT_PLAIN, "%s: %s first, for %s now",
        said_text(s, "name"), plain_code(said_text(s, "first"), first),
        plain_count(families, "family", "families", count));
    output_next(call->output, "moveup list --why says so for each of them");
}

int do_strategy_set(struct call *call)
{
    const char *note = call_option(call, "note");

    return call_agent(call, "strategy.set",
        json_pack("{s:s,s:s,s:s,s:s}", "name", call->words[0], "group",
            call_option(call, "for"), "first", call_option(call, "first"),
            "note", note == NULL ? "" : note),
        render_set);
}

static void render_ended(struct call *call, const json_t *result)
{
    output_line(call->output, OUTPUT_PLAIN,
        "%s has ended: its families are tried in the usual order.",
        said_text(result, "ended"));
    output_next(call->output, "moveup strategy list");
}

int do_strategy_end(struct call *call)
{
    return call_agent(call, "strategy.end",
        json_pack("{s:s}", "name", call->words[0]), render_ended);
}

static const struct grid_column columns[] = {
    {"name", NULL, GRID_CUT},
    {"for", "group", 0},
    {"first", NULL, 0},
    {"families", NULL, GRID_RIGHT},
    {"spoken to", "contacted", GRID_RIGHT},
    {"since", NULL, 0},
    {"note", NULL, GRID_CSV},
};
#define COLUMNS (sizeof columns / sizeof columns[0])

static void render_list(struct call *call, const json_t *result)
{
    const json_t *list = json_object_get(result, "strategies");
    SCOPED(grid_freep) struct grid *grid = grid_new(columns, COLUMNS);

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *s = json_array_get(list, i);
        char date[SAID_DATE_SIZE];

        grid_cell(grid, "%s", said_text(s, "name"));
        grid_cell(grid, "%s", said_text(s, "group"));
        grid_cell(grid, "%s", said_text(s, "first"));
        grid_cell(grid, "%lld", (long long)said_number(s, "families"));
        grid_cell(grid, "%lld", (long long)said_number(s, "contacted"));
        grid_cell(grid, "%s",
            call->output->form == OUTPUT_CSV ? said_text(s, "since")
                                             : said_date(s, "since", date));
        grid_cell(grid, "%s", said_text(s, "note"));
    }
    if (grid_print_or(grid, call->output,
            "No strategies: every family is tried in the usual order."))
        output_next(call->output, "moveup strategy set NAME --for language:SOM "
                                  "--first text-first");
}

int do_strategy_list(struct call *call)
{
    return call_agent(call, "strategy.list", json_object(), render_list);
}
