#include "cli/do_recall.h"

#include "base/mem.h"
#include "cli/call.h"
#include "cli/grid.h"
#include "cli/said.h"

static const char *option(const struct call *call, const char *name)
{
    const char *value = call_option(call, name);

    return value == NULL ? "" : value;
}

static void render_recalled(struct call *call, const json_t *result)
{
    const json_t *made = json_object_get(result, "recalled");
    SCOPED(mem_freep)
    char *line = mem_format(
        "The record of %s is recalled from %s (%s): it is to be destroyed "
        "there, ahead of everything else.",
        said_text(made, "upn"), said_text(made, "name"),
        said_text(made, "from"));

    output_wrap(call->output, "", line);
    output_next(call->output,
        "see when that is confirmed: moveup leavers show UPN; if the child "
        "goes to another school: moveup dest set UPN --to LAESTAB");
}

int do_recall_leaver(struct call *call)
{
    return call_agent(call, "recall",
        json_pack("{s:s,s:s}", "upn", call->words[0], "reason",
            option(call, "reason")),
        render_recalled);
}

static void render_moved(struct call *call, const json_t *result)
{
    const json_t *moved = json_object_get(result, "moved");
    SCOPED(mem_freep)
    char *line = mem_format("%s now goes to %s (%s).", said_text(moved, "upn"),
        said_text(moved, "name"), said_text(moved, "to"));
    SCOPED(mem_freep) char *recalled = NULL;

    output_wrap(call->output, "", line);
    if (said_is_true(moved, "not_recalled"))
        recalled = mem_format(
            "%s can no longer be reached through the cluster: ask it by "
            "telephone to destroy the record.",
            said_text(moved, "from"));
    else if (said_is_true(moved, "recalled"))
        recalled = mem_format(
            "The record is recalled from %s.", said_text(moved, "from"));
    if (recalled != NULL)
        output_wrap(call->output, "", recalled);
    output_next(call->output,
        said_is_true(moved, "sent")
            ? "the record is on its way: moveup leavers show UPN"
            : "send it when it is ready: moveup leavers send UPN");
}

int do_recall_dest_set(struct call *call)
{
    return call_agent(call, "dest.set",
        json_pack("{s:s,s:s,s:s}", "upn", call->words[0], "to",
            option(call, "to"), "reason", option(call, "reason")),
        render_moved);
}

static const struct grid_column columns[] = {
    {"ID", "id", GRID_RIGHT},
    {"from", NULL, 0},
    {"name", NULL, GRID_CUT},
    {"pupil", NULL, GRID_CUT | GRID_TEXT},
    {"surname", NULL, GRID_CSV},
    {"forename", NULL, GRID_CSV},
    {"UPN", "upn", 0},
    {"kind", NULL, 0},
    {"due", NULL, 0},
    {"text", NULL, GRID_CSV},
};
#define COLUMNS (sizeof columns / sizeof columns[0])

static void row(struct call *call, struct grid *grid, const json_t *item)
{
    char name[SAID_NAME_SIZE];
    char due[SAID_DATE_SIZE];
    char id[SAID_ID_SIZE];

    grid_cell(grid, "%s", said_id(item, "id", id));
    grid_cell(grid, "%s", said_text(item, "from"));
    grid_cell(grid, "%s", said_text(item, "name"));
    grid_cell(grid, "%s", said_list_name(item, name));
    grid_cell(grid, "%s", said_text(item, "surname"));
    grid_cell(grid, "%s", said_text(item, "forename"));
    grid_cell(grid, "%s", said_text(item, "upn"));
    grid_cell(grid, "%s", said_text(item, "kind"));
    grid_cell(grid, "%s",
        call->output->form == OUTPUT_CSV ? said_text(item, "due")
                                         : said_date(item, "due", due));
    grid_cell(grid, "%s", said_text(item, "text"));
}

/* Below the table: what each asks, and what may be done. */
static void sentences(struct output *output, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        char first[SAID_ID_SIZE + 2];
        char id[SAID_ID_SIZE];

        output_gap(output);
        snprintf(first, sizeof first, "%-4s  ", said_id(item, "id", id));
        output_wrap(output, first, said_text(item, "text"));
        output_wrap(output, "      next: ", said_text(item, "next"));
    }
}

static void render_inbox(struct call *call, const json_t *result)
{
    const json_t *list = json_object_get(result, "requests");
    SCOPED(grid_freep) struct grid *grid = grid_new(columns, COLUMNS);

    for (size_t i = 0; i < json_array_size(list); i++)
        row(call, grid, json_array_get(list, i));
    if (grid_print_or(grid, call->output, "Nobody asks anything."))
        sentences(call->output, list);
}

int do_recall_inbox(struct call *call)
{
    return call_agent(call, "inbox", json_object(), render_inbox);
}
