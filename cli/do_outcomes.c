#include "cli/do_outcomes.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cli/call.h"
#include "cli/grid.h"
#include "cli/plain.h"
#include "cli/said.h"

static const struct grid_column columns[] = {
    {"laestab", NULL, GRID_CSV},
    {"school", NULL, GRID_CUT},
    {"leavers", NULL, GRID_RIGHT},
    {"received", NULL, GRID_CSV},
    {"applied", NULL, GRID_CSV},
    {"read", NULL, GRID_RIGHT},
    {"opened", NULL, GRID_RIGHT},
    {"spoken to", "contacted", GRID_RIGHT},
    {"in time", "contacted_before_entry", GRID_RIGHT},
    {"started", NULL, GRID_CSV},
    {"not_arrived", NULL, GRID_CSV},
    {"requests", NULL, GRID_CSV},
    {"answered", NULL, GRID_CSV},
    {"corrected", NULL, GRID_CSV},
};

static void add_row(struct grid *grid, const json_t *school)
{
    static const char *const keys[] = {"leavers", "received", "applied", "read",
        "opened", "contacted", "contacted_before_entry", "started",
        "not_arrived", "requests", "answered", "corrected"};

    grid_cell(grid, "%s", said_text(school, "laestab"));
    grid_cell(grid, "%s", said_text(school, "name"));
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        grid_cell(grid, "%lld", (long long)said_number(school, keys[i]));
}

/* "You answered 2 of 3 requests, half of them within 1 day; 1 wrong number was
 * put right." */
static void answers_line(struct output *output, const json_t *totals)
{
    const long long requests = said_number(totals, "requests");
    const long long answered = said_number(totals, "answered");
    const long long corrected = said_number(totals, "corrected");
    char text[PLAIN_SIZE];
    SCOPED(mem_freep) char *line = NULL;
    SCOPED(mem_freep) char *days = mem_text("");

    if (requests == 0)
        return;
    if (answered > 0) {
        mem_freep(&days);
        days = mem_format(", half of them within %s",
            plain_count(said_number(totals, "median_days_to_answer") + 1, "day",
                "days", text));
    }
    line = mem_format("You answered %lld of %s%s; of these %lld about a wrong "
                      "number.",
        answered, plain_count(requests, "request", "requests", text), days,
        corrected);
    output_gap(output);
    output_wrap(output, "", line);
}

/* In the autumn, when secondaries have said who came. */
static void arrivals_line(struct output *output, const json_t *totals)
{
    const long long started = said_number(totals, "started");
    const long long missing = said_number(totals, "not_arrived");
    SCOPED(mem_freep) char *line = NULL;

    if (started + missing == 0)
        return;
    line = mem_format("Their new schools say: %lld started, %lld not arrived.",
        started, missing);
    output_gap(output);
    output_wrap(output, "", line);
}

static void render(struct call *call, const json_t *result)
{
    const json_t *schools = json_object_get(result, "schools");
    struct output *output = call->output;
    SCOPED(grid_freep)
    struct grid *grid = grid_new(columns, sizeof columns / sizeof columns[0]);

    for (size_t i = 0; i < json_array_size(schools); i++)
        add_row(grid, json_array_get(schools, i));
    if (output->form == OUTPUT_CSV) {
        grid_print(grid, output);
        return;
    }
    if (json_array_size(schools) == 0) {
        output_line(output, OUTPUT_PLAIN,
            "No secondary school has a record of that year from us.");
        output_next(output, "moveup leavers list shows every leaver");
        return;
    }
    output_line(output, OUTPUT_HEADING,
        "Leavers of %lld: records that were sent, and families spoken to",
        (long long)said_number(result, "year"));
    grid_print(grid, output);
    arrivals_line(output, json_object_get(result, "totals"));
    answers_line(output, json_object_get(result, "totals"));
    output_gap(output);
    output_wrap(output, "", said_text(result, "definition"));
    output_wrap(output, "",
        "In time: before the child started.  Opened: somebody there was shown "
        "a card of the child.");
    output_next(output, "moveup leavers list shows each child");
}

int do_outcomes_show(struct call *call)
{
    const char *text = call_option(call, "year");
    json_t *args = json_object();
    char *end;

    if (text != NULL) {
        const long long year = strtoll(text, &end, 10);

        if (*end != '\0' || end == text) {
            json_decref(args);
            return call_usage(call, "--year is a year, like 2027");
        }
        json_object_set_new(args, "year", json_integer(year));
    }
    return call_agent(call, "outcomes", args, render);
}
