#include "cli/do_staff.h"

#include "cli/call.h"
#include "cli/grid.h"
#include "cli/said.h"

static void render_added(struct call *call, const json_t *result)
{
    (void)result;
    output_line(call->output, OUTPUT_PLAIN, "%s may now act as: %s.",
        call->words[0], call_option(call, "role"));
    output_next(call->output,
        "the login must be able to open the agent's socket: add it to the "
        "socket's group");
}

int do_staff_add(struct call *call)
{
    const char *languages = call_option(call, "languages");

    return call_agent(call, "staff.add",
        json_pack("{s:s,s:s,s:s,s:s}", "login", call->words[0], "name",
            call_option(call, "name"), "role", call_option(call, "role"),
            "languages", languages == NULL ? "" : languages),
        render_added);
}

static const struct grid_column columns[] = {
    {"login", NULL, 0},
    {"name", NULL, GRID_CUT},
    {"roles", NULL, GRID_CUT},
    {"languages", NULL, GRID_CUT},
    {"active", NULL, 0},
};

static void render_list(struct call *call, const json_t *result)
{
    const json_t *staff = json_object_get(result, "staff");
    SCOPED(grid_freep) struct grid *grid = grid_new(columns, 5);

    for (size_t i = 0; i < json_array_size(staff); i++) {
        const json_t *person = json_array_get(staff, i);
        const char *languages = said_text(person, "languages");
        char text[SAID_NAME_SIZE];

        grid_cell(grid, "%s", said_text(person, "login"));
        grid_cell(grid, "%s", said_text(person, "name"));
        grid_cell(grid, "%s", said_joined(person, "roles", "", text));
        grid_cell(grid, "%s",
            languages[0] != '\0' ? languages
                                 : said_joined(person, "languages", "", text));
        grid_cell(grid, "%s", said_is_true(person, "active") ? "yes" : "no");
    }
    if (json_array_size(staff) > 0 || call->output->form == OUTPUT_CSV) {
        grid_print(grid, call->output);
        return;
    }
    output_line(call->output, OUTPUT_PLAIN, "No staff yet.");
    output_next(call->output,
        "moveup staff add LOGIN --name \"J. Lund\" --role office");
}

int do_staff_list(struct call *call)
{
    return call_agent(call, "staff.list", json_object(), render_list);
}
