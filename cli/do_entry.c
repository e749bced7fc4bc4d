#include "cli/do_entry.h"

#include "base/mem.h"
#include "cli/call.h"
#include "cli/do_load.h"
#include "cli/grid.h"
#include "cli/plain.h"
#include "cli/said.h"

/* The step, and what to type for it. */
static void say_next(struct call *call, const json_t *one)
{
    const char *text = said_text(one, "text");
    const char *command = said_text(one, "do");
    SCOPED(mem_freep)
    char *next = mem_format("%s%s%s", text,
        text[0] != '\0' && command[0] != '\0' ? ": " : "", command);

    output_next(call->output, next);
}

static void render_marked(struct call *call, const json_t *result)
{
    char name[SAID_NAME_SIZE];
    char words[PLAIN_SIZE];
    char date[SAID_DATE_SIZE];

    output_line(call->output, OUTPUT_PLAIN, "%s: %s, %s",
        said_list_name(json_object_get(result, "pupil"), name),
        plain_code(said_text(result, "result"), words),
        said_date(result, "date", date));
    output_line(
        call->output, OUTPUT_PLAIN, "The primary school is told by itself.");
    say_next(call, result);
}

int do_entry_mark(struct call *call)
{
    static const char *const texts[] = {"date", "note"};
    json_t *args;

    if (call_flag(call, "csv"))
        return call->word_count == 1 && call_option(call, "note") == NULL &&
                       call_option(call, "date") == NULL
                   ? do_load_entries(call)
                   : call_usage(call, "--csv takes one FILE, which has the "
                                      "results and the dates");
    if (call->word_count != 2 || call_flag(call, "dry-run"))
        return call_usage(call, "give one child and a result, or --csv FILE");
    args =
        json_pack("{s:s,s:s}", "upn", call->words[0], "result", call->words[1]);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (call_option(call, texts[i]) != NULL)
            json_object_set_new(
                args, texts[i], json_string(call_option(call, texts[i])));
    return call_agent(call, "entry.mark", args, render_marked);
}

/* --- who is missing --- */

static const struct grid_column columns[] = {
    {"case", NULL, GRID_RIGHT},
    {"pupil", NULL, GRID_CUT | GRID_TEXT},
    {"surname", NULL, GRID_CSV},
    {"forename", NULL, GRID_CSV},
    {"upn", NULL, GRID_CSV},
    {"first_day", NULL, GRID_CSV},
    {"days", "school_days", GRID_RIGHT},
    {"outcome", NULL, GRID_TEXT},
    {"result", NULL, GRID_CSV}, /* as `entry mark --csv` reads it */
    {"date", NULL, GRID_CSV},
    {"contacted", NULL, GRID_CSV},
    {"what next", NULL, GRID_CUT | GRID_TEXT},
    {"text", NULL, GRID_CSV},
    {"step", NULL, GRID_CSV},
    {"do", NULL, GRID_CSV},
    {"note", NULL, GRID_CSV},
};

static void add_row(struct grid *grid, const json_t *one)
{
    const json_t *pupil = json_object_get(one, "pupil");
    const char *result = said_text(one, "result");
    char name[SAID_NAME_SIZE];
    char words[PLAIN_SIZE];

    grid_cell(grid, "%s", said_text(one, "case"));
    grid_cell(grid, "%s", said_list_name(pupil, name));
    grid_cell(grid, "%s", said_text(pupil, "surname"));
    grid_cell(grid, "%s", said_text(pupil, "forename"));
    grid_cell(grid, "%s", said_text(pupil, "upn"));
    grid_cell(grid, "%s", said_text(one, "first_day"));
    grid_cell(grid, "%lld", (long long)said_number(one, "school_days"));
    grid_cell(grid, "%s", result[0] == '\0' ? "-" : plain_code(result, words));
    grid_cell(grid, "%s", result);
    grid_cell(grid, "%s", said_text(one, "date"));
    grid_cell(grid, "%s", said_is_true(one, "contacted") ? "yes" : "no");
    grid_cell(grid, "%s", said_text(one, "brief"));
    grid_cell(grid, "%s", said_text(one, "text"));
    grid_cell(grid, "%s", said_text(one, "step"));
    grid_cell(grid, "%s", said_text(one, "do"));
    grid_cell(grid, "%s", said_text(one, "note"));
    if (result[0] != '\0')
        grid_style(grid, OUTPUT_WARN);
}

static void say_counts(struct call *call, const json_t *result)
{
    const json_int_t later = said_number(result, "later");
    char date[SAID_DATE_SIZE];
    SCOPED(mem_freep)
    char *more = later == 0 ? mem_text("")
                            : mem_format(", %lld expected later, first on %s",
                                  (long long)later,
                                  said_date(result, "next_first", date));
    SCOPED(mem_freep)
    char *line = mem_format("%lld started, %lld elsewhere, %lld not arrived, "
                            "%lld not marked%s.",
        (long long)said_number(result, "started"),
        (long long)said_number(result, "elsewhere"),
        (long long)said_number(result, "not_arrived"),
        (long long)said_number(result, "unmarked"), more);

    output_wrap(call->output, "", line);
}

static void render_missing(struct call *call, const json_t *result)
{
    const json_t *list = json_object_get(result, "pupils");
    SCOPED(grid_freep)
    struct grid *grid = grid_new(columns, sizeof columns / sizeof columns[0]);

    for (size_t i = 0; i < json_array_size(list); i++)
        add_row(grid, json_array_get(list, i));
    if (!grid_print_or(grid, call->output, "Nobody is missing."))
        return;
    say_counts(call, result);
    if (said_number(result, "not_arrived") > 0)
        say_next(call, json_array_get(list, 0));
    else if (json_array_size(list) > 0)
        output_next(call->output,
            "moveup entry mark CASE started; for many: moveup entry missing "
            "--csv, fill in result, moveup entry mark --csv FILE");
    else
        output_next(call->output, "moveup coverage");
}

int do_entry_missing(struct call *call)
{
    return call_agent(call, "entry.missing", json_object(), render_missing);
}
