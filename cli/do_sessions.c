#include "cli/do_sessions.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cli/call.h"
#include "cli/grid.h"
#include "cli/said.h"
#include "record/codes.h"

/* --- text --- */

/* "starts 2 Sep 2027; visits 6 Jul 2027; term ends 21 Jul 2027" */
static void dates_line(struct output *output, const json_t *school)
{
    static const char *const keys[] = {"induction", "term_end", "entry"};
    static const char *const texts[] = {
        "visit day", "summer term ends", "new pupils start"};
    char line[200] = "";
    size_t len = 0;

    for (size_t i = 0; i < 3; i++) {
        char day[SAID_DATE_SIZE];

        said_date(school, keys[i], day);
        if (day[0] != '\0')
            len += (size_t)snprintf(line + len, sizeof line - len, "%s%s %s",
                len > 0 ? "; " : "", texts[i], day);
    }
    if (len > 0)
        output_wrap(output, "  ", line);
}

static void add_part(char **line, const char *before, const char *text)
{
    char *longer = mem_format("%s%s%s", *line, before, text);

    mem_freep(line);
    *line = longer;
}

/* "Main hall, or on-line; no steps; crèche; interpreters: Somali" */
static void details_line(struct output *output, const json_t *session)
{
    const json_t *codes = json_object_get(session, "interpreters");
    SCOPED(mem_freep) char *line = mem_text(said_text(session, "place"));

    if (said_is_true(session, "online"))
        add_part(&line, line[0] == '\0' ? "" : ", ",
            line[0] == '\0' ? "on-line" : "or on-line");
    if (said_is_true(session, "step_free"))
        add_part(&line, line[0] == '\0' ? "" : "; ", "no steps");
    if (said_is_true(session, "creche"))
        add_part(&line, line[0] == '\0' ? "" : "; ", "crèche");
    for (size_t i = 0; i < json_array_size(codes); i++) {
        const char *code = json_string_value(json_array_get(codes, i));
        const char *name =
            code == NULL ? NULL : codes_describe(CODES_LANGUAGE, code);

        if (i == 0)
            add_part(&line, line[0] == '\0' ? "" : "; ", "interpreters: ");
        add_part(&line, i == 0 ? "" : ", ",
            name == NULL ? (code == NULL ? "" : code) : name);
    }
    if (line[0] != '\0')
        output_wrap(output, "     ", line);
}

static void session_lines(struct output *output, const json_t *session)
{
    const bool off = strcmp(said_text(session, "status"), "cancelled") == 0;
    SCOPED(mem_freep)
    char *line = mem_format("%s%s: %s", off ? "CALLED OFF " : "",
        said_text(session, "when"), said_text(session, "title"));

    output_wrap_as(output, off ? OUTPUT_WARN : OUTPUT_PLAIN, "  ", line);
    if (!off)
        details_line(output, session);
}

static void school_lines(struct output *output, const json_t *school)
{
    const json_t *sessions = json_object_get(school, "sessions");
    char age[SAID_AGE_SIZE];
    char told[64] = "has told us nothing yet";
    const json_int_t leavers = said_number(school, "leavers");

    said_since(school, "told_at", output->now, age);
    if (age[0] != '\0')
        snprintf(told, sizeof told, "told us %s ago", age);
    output_line(output, OUTPUT_HEADING, "%s (%lld leaver%s), %s",
        said_text(school, "name"), (long long)leavers, leavers == 1 ? "" : "s",
        told);
    dates_line(output, school);
    for (size_t i = 0; i < json_array_size(sessions); i++)
        session_lines(output, json_array_get(sessions, i));
    if (age[0] != '\0' && json_array_size(sessions) == 0)
        output_line(output, OUTPUT_PLAIN, "  No sessions to come.");
}

/* --- csv --- */

static const struct grid_column columns[] = {
    {"laestab", NULL, 0},
    {"school", NULL, 0},
    {"no", "session", 0},
    {"start", NULL, 0},
    {"end", NULL, 0},
    {"type", NULL, 0},
    {"what", "title", 0},
    {"place", NULL, 0},
    {"online", NULL, 0},
    {"step free", "step_free", 0},
    {"creche", NULL, 0},
    {"interpreters", NULL, 0},
    {"status", NULL, 0},
};

static const char *yes_no(const json_t *object, const char *name)
{
    return said_is_true(object, name) ? "yes" : "no";
}

static void add_cells(
    struct grid *grid, const json_t *school, const json_t *session)
{
    char codes[SAID_NAME_SIZE];

    grid_cell(grid, "%s", said_text(school, "laestab"));
    grid_cell(grid, "%s", said_text(school, "name"));
    grid_cell(grid, "%lld", (long long)said_number(session, "session"));
    grid_cell(grid, "%s", said_text(session, "start"));
    grid_cell(grid, "%s", said_text(session, "end"));
    grid_cell(grid, "%s", said_text(session, "type"));
    grid_cell(grid, "%s", said_text(session, "title"));
    grid_cell(grid, "%s", said_text(session, "place"));
    grid_cell(grid, "%s", yes_no(session, "online"));
    grid_cell(grid, "%s", yes_no(session, "step_free"));
    grid_cell(grid, "%s", yes_no(session, "creche"));
    grid_cell(grid, "%s", said_joined(session, "interpreters", "", codes));
    grid_cell(grid, "%s", said_text(session, "status"));
}

static void print_csv(struct call *call, const json_t *schools)
{
    SCOPED(grid_freep)
    struct grid *grid = grid_new(columns, sizeof columns / sizeof columns[0]);

    for (size_t i = 0; i < json_array_size(schools); i++) {
        const json_t *school = json_array_get(schools, i);
        const json_t *sessions = json_object_get(school, "sessions");

        for (size_t j = 0; j < json_array_size(sessions); j++)
            add_cells(grid, school, json_array_get(sessions, j));
    }
    grid_print(grid, call->output);
}

static void render(struct call *call, const json_t *result)
{
    const json_t *schools = json_object_get(result, "schools");

    if (call->output->form == OUTPUT_CSV) {
        print_csv(call, schools);
        return;
    }
    for (size_t i = 0; i < json_array_size(schools); i++) {
        if (i > 0)
            output_gap(call->output);
        school_lines(call->output, json_array_get(schools, i));
    }
    if (json_array_size(schools) == 0) {
        output_line(call->output, OUTPUT_PLAIN,
            "No secondary school has a record from us yet.");
        output_next(call->output, "moveup leavers send --all; a secondary "
                                  "sees its own with moveup session list");
        return;
    }
    output_next(call->output,
        "tell a parent who asks; for a place they ring the secondary school");
}

int do_sessions_list(struct call *call)
{
    json_t *args = json_pack("{s:b}", "all", call_flag(call, "all"));

    if (call->word_count > 0)
        json_object_set_new(args, "upn", json_string(call->words[0]));
    if (call_option(call, "to") != NULL)
        json_object_set_new(args, "to", json_string(call_option(call, "to")));
    return call_agent(call, "sessions", args, render);
}
