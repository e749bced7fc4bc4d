#include "cli/do_quarantine.h"

#include <stdlib.h>

#include "cli/call.h"
#include "cli/grid.h"
#include "cli/render_record.h"
#include "cli/said.h"

static const struct grid_column columns[] = {
    {"ID", "id", 0},
    {"age", NULL, GRID_TEXT | GRID_RIGHT},
    {"at", NULL, GRID_CSV},
    {"from", NULL, 0},
    {"name", NULL, GRID_CUT},
    {"lane", NULL, 0},
    {"numbers", NULL, GRID_TEXT},
    {"first", NULL, GRID_CSV},
    {"last", NULL, GRID_CSV},
    {"reason", NULL, GRID_CUT},
    {"sentence", NULL, GRID_CSV},
    {"next", NULL, GRID_CSV},
    {"size", NULL, GRID_CSV},
};
#define COLUMNS (sizeof columns / sizeof columns[0])

static void row(struct call *call, struct grid *grid, const json_t *item)
{
    const long long first = said_number(item, "first");
    const long long last = said_number(item, "last");
    char age[SAID_AGE_SIZE];
    char id[SAID_ID_SIZE];

    grid_cell(grid, "%s", said_id(item, "id", id));
    grid_cell(grid, "%s", said_since(item, "at", call->output->now, age));
    grid_cell(grid, "%s", said_text(item, "at"));
    grid_cell(grid, "%s", said_text(item, "from"));
    grid_cell(grid, "%s", said_text(item, "name"));
    grid_cell(grid, "%s", said_text(item, "lane"));
    grid_cell(grid, "%lld-%lld", first, last);
    grid_cell(grid, "%lld", first);
    grid_cell(grid, "%lld", last);
    grid_cell(grid, "%s", said_text(item, "reason"));
    grid_cell(grid, "%s", said_text(item, "sentence"));
    grid_cell(grid, "%s", said_text(item, "next"));
    grid_cell(grid, "%lld", (long long)said_number(item, "size"));
}

/* Below the table: what each means and what mends it. */
static void sentences(struct output *output, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        char first[SAID_ID_SIZE + 2];
        char id[SAID_ID_SIZE];

        output_gap(output);
        snprintf(first, sizeof first, "%-4s  ", said_id(item, "id", id));
        output_wrap(output, first, said_text(item, "sentence"));
        if (said_text(item, "detail")[0] != '\0')
            output_wrap(output, "      ", said_text(item, "detail"));
        if (said_text(item, "next")[0] != '\0')
            output_wrap(output, "      next: ", said_text(item, "next"));
    }
}

static void render_list(struct call *call, const json_t *result)
{
    const json_t *list = json_object_get(result, "quarantined");
    SCOPED(grid_freep) struct grid *grid = grid_new(columns, COLUMNS);

    for (size_t i = 0; i < json_array_size(list); i++)
        row(call, grid, json_array_get(list, i));
    if (grid_print_or(grid, call->output, "Nothing is in quarantine."))
        sentences(call->output, list);
}

int do_quarantine_list(struct call *call)
{
    return call_agent(call, "quarantine.list", json_object(), render_list);
}

/* The id as a number, as `quarantine list` shows it. */
static int parse_id(json_int_t *out, struct call *call)
{
    char *end;

    *out = strtoll(call->words[0], &end, 10);
    if (end == call->words[0] || *end != '\0' || *out < 1)
        return call_usage(
            call, "an ID is a number, as `moveup quarantine list` shows it");
    return CALL_DONE;
}

static void render_one(struct call *call, const json_t *result)
{
    render_record_object(call->output, json_object_get(result, "quarantined"));
}

static int ask(struct call *call, const char *command, call_render *render)
{
    json_int_t id;
    const int code = parse_id(&id, call);

    return code == CALL_DONE
               ? call_agent(call, command, json_pack("{s:I}", "id", id), render)
               : code;
}

int do_quarantine_show(struct call *call)
{
    return ask(call, "quarantine.show", render_one);
}

/* The agent answers with what is in quarantine afterwards. */
static void render_retried(struct call *call, const json_t *result)
{
    output_line(call->output, OUTPUT_PLAIN, "Checked again.");
    render_list(call, result);
}

int do_quarantine_retry(struct call *call)
{
    return ask(call, "quarantine.retry", render_retried);
}

static void render_dropped(struct call *call, const json_t *result)
{
    (void)result;
    output_line(
        call->output, OUTPUT_PLAIN, "%s is thrown away.", call->words[0]);
}

int do_quarantine_drop(struct call *call)
{
    json_int_t id;
    const int code = parse_id(&id, call);

    if (code != CALL_DONE)
        return code;
    return call_agent(call, "quarantine.drop",
        json_pack("{s:I,s:s}", "id", id, "reason", call_option(call, "reason")),
        render_dropped);
}

static void render_approved(struct call *call, const json_t *result)
{
    output_line(call->output, OUTPUT_PLAIN, "%s is taken.", call->words[0]);
    render_list(call, result);
}

int do_quarantine_approve(struct call *call)
{
    json_int_t id;
    const int code = parse_id(&id, call);

    if (code != CALL_DONE)
        return code;
    return call_agent(call, "quarantine.approve",
        json_pack("{s:I,s:s}", "id", id, "reason", call_option(call, "reason")),
        render_approved);
}
