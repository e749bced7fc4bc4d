#include "cli/do_actions.h"

#include <stdlib.h>
#include <string.h>

#include "cli/call.h"
#include "cli/grid.h"
#include "cli/said.h"

static void add_texts(json_t *args, const struct call *call,
    const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (call_option(call, names[i]) != NULL)
            json_object_set_new(
                args, names[i], json_string(call_option(call, names[i])));
}

#define TEXTS(args, call, names)                                               \
    add_texts(args, call, names, sizeof names / sizeof names[0])

/* --- actions --- */

static const struct grid_column columns[] = {
    {"no", "action", GRID_RIGHT},
    {"due", NULL, 0},
    {"state", NULL, 0},
    {"who", "owner", 0},
    {"case", NULL, GRID_RIGHT},
    {"kind", NULL, 0},
    {"what", "text", GRID_CUT},
    {"outcome", NULL, GRID_CSV},
};
#define COLUMNS (sizeof columns / sizeof columns[0])

static void render_list(struct call *call, const json_t *result)
{
    const json_t *actions = json_object_get(result, "actions");
    SCOPED(grid_freep) struct grid *grid = grid_new(columns, COLUMNS);

    for (size_t i = 0; i < json_array_size(actions); i++) {
        const json_t *a = json_array_get(actions, i);
        char due[SAID_DATE_SIZE];

        grid_cell(grid, "%lld", (long long)said_number(a, "action"));
        grid_cell(grid, "%s",
            call->output->form == OUTPUT_CSV ? said_text(a, "due")
                                             : said_date(a, "due", due));
        grid_cell(grid, "%s", said_text(a, "state"));
        grid_cell(grid, "%s", said_text(a, "owner"));
        grid_cell(grid, "%s", said_text(a, "case"));
        grid_cell(grid, "%s", said_text(a, "kind"));
        grid_cell(grid, "%s", said_text(a, "text"));
        grid_cell(grid, "%s", said_text(a, "outcome"));
    }
    if (grid_print_or(grid, call->output, "Nothing is owed to anybody."))
        output_next(call->output,
            json_array_size(actions) == 0
                ? "moveup actions add CASE TEXT --owner tutor"
                : "moveup actions done NO, or moveup actions drop NO --reason "
                  "TEXT");
}

int do_actions_list(struct call *call)
{
    static const char *const names[] = {"owner"};
    json_t *args = json_pack("{s:b}", "all", call_flag(call, "all"));

    TEXTS(args, call, names);
    return call_agent(call, "actions", args, render_list);
}

static void render_one(struct call *call, const json_t *result)
{
    const json_t *a = json_object_get(result, "action");

    output_line(call->output, OUTPUT_PLAIN, "%lld (case %s, %s): %s",
        (long long)said_number(a, "action"), said_text(a, "case"),
        said_text(a, "kind"), said_text(a, "text"));
    output_line(call->output, OUTPUT_PLAIN, "%s; owner %s, due %s",
        said_text(a, "state"), said_text(a, "owner"), said_text(a, "due"));
    output_next(call->output, "moveup actions shows what is open");
}

int do_actions_add(struct call *call)
{
    static const char *const names[] = {"owner", "due", "theme"};
    const char *kind = call_option(call, "kind");
    json_t *args = json_pack("{s:s,s:s,s:s}", "case", call->words[0], "text",
        call->words[1], "kind", kind == NULL ? "promise" : kind);

    TEXTS(args, call, names);
    return call_agent(call, "actions.add", args, render_one);
}

static int end_action(struct call *call, bool drop, const char *text)
{
    char *end;
    const long long number = strtoll(call->words[0], &end, 10);

    if (*end != '\0' || number < 1)
        return call_usage(call, "an action is a number, as in: moveup actions");
    return call_agent(call, "actions.end",
        json_pack("{s:I,s:b,s:s}", "action", (json_int_t)number, "drop", drop,
            "text", text == NULL ? "" : text),
        render_one);
}

int do_actions_done(struct call *call)
{
    return end_action(call, false, call_option(call, "note"));
}

int do_actions_drop(struct call *call)
{
    return end_action(call, true, call_option(call, "reason"));
}
