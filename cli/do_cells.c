#include "cli/do_cells.h"

#include <stdio.h>
#include <string.h>

#include "cli/call.h"
#include "cli/grid.h"
#include "cli/overview.h"
#include "cli/said.h"
#include "outreach/cells.h"
#include "outreach/measures.h"

#define SUPPRESSED "[c]"

static json_int_t percent(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 0 : (json_int_t)((part * 100 + whole / 2) / whole);
}

static json_t *percent_json(uint64_t part, uint64_t whole)
{
    return whole == 0 ? json_null() : json_integer(percent(part, whole));
}

/* What all schools that may tell it have together. */
struct sum {
    uint64_t schools, pupils, contacted;
};

static const struct report_cell *cell_of(
    const struct report_cohort *cohort, unsigned group)
{
    for (size_t i = 0; i < cohort->cell_count; i++)
        if (cohort->cells[i].group == group)
            return &cohort->cells[i];
    return NULL;
}

/* A figure, or null: suppressed.  Percentages only: the numbers behind them
 * would tell more than anybody needs. */
static json_t *groups_json(
    struct sum sums[CELLS_GROUPS + 1], const struct report_cohort *cohort)
{
    json_t *groups = json_object();

    for (unsigned group = 1; group <= CELLS_GROUPS; group++) {
        const struct report_cell *cell = cell_of(cohort, group);

        json_object_set_new(groups, cells_name(group),
            cell == NULL ? json_null()
                         : percent_json(cell->contacted, cell->pupils));
        if (cell == NULL)
            continue;
        sums[group].schools++;
        sums[group].pupils += cell->pupils;
        sums[group].contacted += cell->contacted;
    }
    return groups;
}

static json_t *school_json(
    struct sum sums[CELLS_GROUPS + 1], const struct survey_school *school)
{
    const struct report_cohort *cohort = &school->report.cohort;
    char week[DATE_TEXT_SIZE];

    sums[0].schools++;
    sums[0].pupils += cohort->pupils;
    sums[0].contacted += cohort->contacted;
    return json_pack("{s:s,s:s,s:s,s:I,s:I,s:o,s:o}", "laestab",
        school->entry->laestab.text, "name", school->entry->name, "week",
        date_format(cohort->week, week), "pupils", (json_int_t)cohort->pupils,
        "contacted", (json_int_t)cohort->contacted, "percent",
        percent_json(cohort->contacted, cohort->pupils), "groups",
        groups_json(sums, cohort));
}

static json_t *total_json(const struct sum sums[CELLS_GROUPS + 1])
{
    json_t *groups = json_object();

    for (unsigned group = 1; group <= CELLS_GROUPS; group++)
        json_object_set_new(groups, cells_name(group),
            sums[group].schools == 0
                ? json_null()
                : percent_json(sums[group].contacted, sums[group].pupils));
    return json_pack("{s:I,s:I,s:I,s:o,s:o}", "schools",
        (json_int_t)sums[0].schools, "pupils", (json_int_t)sums[0].pupils,
        "contacted", (json_int_t)sums[0].contacted, "percent",
        percent_json(sums[0].contacted, sums[0].pupils), "groups", groups);
}

json_t *do_cells_json(const struct survey *survey)
{
    struct sum sums[CELLS_GROUPS + 1] = {{0, 0, 0}};
    json_t *schools = json_array();

    for (size_t i = 0; i < survey->school_count; i++) {
        const struct survey_school *school = &survey->schools[i];

        if (school->state == SURVEY_GOOD && school->report.has_cohort)
            json_array_append_new(schools, school_json(sums, school));
    }
    return json_pack("{s:s,s:o,s:o,s:o}", "definition", MEASURES_DEFINITION,
        "schools", schools, "cluster", total_json(sums), "missing",
        overview_missing(survey));
}

static const struct grid_column columns[] = {
    {"school", "name", GRID_CUT},
    {"pupils", NULL, GRID_RIGHT},
    {"contacted", NULL, GRID_RIGHT},
    {"FSM", "fsm", GRID_RIGHT},
    {"EAL", "eal", GRID_RIGHT},
    {"SEN", "sen", GRID_RIGHT},
    {"groups as of", NULL, GRID_TEXT},
    {"week", NULL, GRID_CSV},
    {"laestab", NULL, GRID_CSV},
};
#define COLUMNS (sizeof columns / sizeof columns[0])

static void percent_cell(
    struct grid *grid, const json_t *object, const char *name, const char *star)
{
    const json_t *value = json_object_get(object, name);

    if (json_is_integer(value))
        grid_cell(grid, "%lld%%%s", (long long)json_integer_value(value), star);
    else
        grid_cell(grid, "%s", SUPPRESSED);
}

static void row(
    struct grid *grid, const json_t *school, const char *name, const char *star)
{
    const json_t *groups = json_object_get(school, "groups");
    char week[SAID_DATE_SIZE];

    grid_cell(grid, "%s", name);
    grid_cell(grid, "%lld", (long long)said_number(school, "pupils"));
    percent_cell(grid, school, "percent", "");
    for (unsigned group = 1; group <= CELLS_GROUPS; group++)
        percent_cell(grid, groups, cells_name(group), star);
    grid_cell(grid, "%s", said_date(school, "week", week));
    grid_cell(grid, "%s", said_text(school, "week"));
    grid_cell(grid, "%s", said_text(school, "laestab"));
}

static void render(struct call *call, const json_t *result)
{
    SCOPED(grid_freep) struct grid *grid = grid_new(columns, COLUMNS);
    const json_t *schools = json_object_get(result, "schools");
    const bool text = call->output->form == OUTPUT_TEXT;

    for (size_t i = 0; i < json_array_size(schools); i++) {
        const json_t *school = json_array_get(schools, i);

        row(grid, school, said_text(school, "name"), "");
    }
    if (text && json_array_size(schools) > 0)
        row(grid, json_object_get(result, "cluster"), "whole cluster", "*");
    if (text && json_array_size(schools) == 0)
        output_line(call->output, OUTPUT_PLAIN,
            "No school has told how far first contact has come.");
    else
        grid_print(grid, call->output);
    if (!text)
        return;
    output_gap(call->output);
    output_wrap(call->output, "*    ",
        "of the schools that may tell it.  Groups are fixed each Monday.");
    output_wrap(call->output, SUPPRESSED "  ",
        "confidential: fewer than 10 in the group or in the rest, or 1 to 4 on "
        "either side.  A figure that moved by fewer than 5 children stays as "
        "it "
        "was.  Children in care are no group here.");
    output_wrap(call->output, "     ", MEASURES_DEFINITION);
    overview_say_missing(call, result);
}

int do_cells_show(struct call *call)
{
    SCOPED(overview_close) struct overview o = {.authority = NULL};
    const int code = overview_open(&o, call);

    return code == CALL_DONE ? call_show(call, do_cells_json(&o.survey), render)
                             : code;
}
