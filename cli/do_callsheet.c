#include "cli/do_callsheet.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "cli/call.h"
#include "cli/grid.h"
#include "cli/render_card.h"
#include "cli/render_family.h"
#include "cli/said.h"
#include "cli/sheet.h"

/* What is filled in, and what `log` calls it. */
static const struct sheet_column columns[] = {{"case", true}, {"outcome", true},
    {"at", false}, {"contact", false}, {"point", false}, {"said", false},
    {"call_back", false}, {"language", false}, {"note", false}};
#define COLUMNS (sizeof columns / sizeof columns[0])

static const struct grid_column cells[] = {
    {"case", NULL, 0},
    {"pupil", NULL, 0},
    {"ask_for", NULL, 0},
    {"number", NULL, 0},
    {"contact", NULL, 0},
    {"point", NULL, 0},
    {"at", NULL, 0},
    {"outcome", NULL, 0},
    {"said", NULL, 0},
    {"call_back", NULL, 0},
    {"language", NULL, 0},
    {"note", NULL, 0},
};
#define CELLS (sizeof cells / sizeof cells[0])

/* A row to fill in, with what was suggested. */
static void row(struct grid *grid, const json_t *family)
{
    const json_t *suggest = json_object_get(family, "suggest");
    const json_t *pupil = json_array_get(json_object_get(family, "pupils"), 0);
    char name[SAID_NAME_SIZE];
    char value[RENDER_FAMILY_TEXT];

    grid_cell(grid, "%s", said_text(family, "case"));
    grid_cell(grid, "%s", said_list_name(pupil, name));
    grid_cell(grid, "%s", said_text(render_family_whom(family), "name"));
    grid_cell(
        grid, "%s", render_family_point(render_family_which(family), value));
    grid_cell(grid, "%lld", (long long)said_number(suggest, "contact"));
    grid_cell(grid, "%lld", (long long)said_number(suggest, "point"));
    for (size_t i = 6; i < CELLS; i++)
        grid_cell(grid, "%s", "");
}

static void render_sheet(struct call *call, const json_t *result)
{
    const json_t *list = json_object_get(result, "sheet");
    SCOPED(grid_freep) struct grid *grid = grid_new(cells, CELLS);

    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *one = json_pack("{s:O}", "case", json_array_get(list, i));

        if (call->output->form == OUTPUT_CSV)
            row(grid, json_array_get(list, i));
        else {
            render_card_case(call, one);
            output_line(call->output, OUTPUT_PLAIN,
                "TIME ________  OUTCOME ______________  SAID "
                "______________________________");
            output_gap(call->output);
        }
        json_decref(one);
    }
    if (call->output->form == OUTPUT_CSV) {
        grid_print(grid, call->output);
        return;
    }
    if (json_array_size(list) == 0)
        output_line(call->output, OUTPUT_PLAIN, "Nobody can be rung now.");
    output_next(call->output,
        "fill in a sheet (the same with --csv), then moveup callsheet enter "
        "FILE");
}

int do_callsheet_print(struct call *call)
{
    const char *caller = call_option(call, "caller");
    json_t *args = json_pack("{s:s}", "caller", caller == NULL ? "" : caller);
    const int code = call_number(args, call, "n");

    if (code != CALL_DONE) {
        json_decref(args);
        return code;
    }
    return call_agent(call, "callsheet", args, render_sheet);
}

/* --- enter --- */

static int read_rows(json_t **rows, struct call *call)
{
    SCOPED(buf_free) struct buf text = BUF_EMPTY;
    struct err err;
    int rc = file_read(&text, call->words[0], SHEET_MAX_BYTES, &err);

    if (rc == 0)
        rc = sheet_rows(rows, buf_bytes(&text), columns, COLUMNS, &err);
    return rc == 0 ? CALL_DONE
                   : call_fail(call, &err,
                         "moveup callsheet print --csv prints a sheet to fill "
                         "in; save it as CSV");
}

/* "" and 0 stand for what was suggested. */
static bool is_number(const char *text)
{
    return strlen(text) <= 9 && text[strspn(text, "0123456789")] == '\0';
}

/* The row as `log` takes it; NULL: nothing was filled in, or *wrong is a column
 * that must be a number. */
static json_t *log_args(const char **wrong, const json_t *row)
{
    json_t *args = json_object();

    *wrong = NULL;
    for (size_t i = 0; *wrong == NULL && i < COLUMNS; i++) {
        const char *name = columns[i].name;
        const char *text = said_text(row, name);

        if (strcmp(name, "contact") != 0 && strcmp(name, "point") != 0) {
            if (text[0] != '\0')
                json_object_set_new(args, name, json_string(text));
        } else if (!is_number(text))
            *wrong = name;
        else if (strtoll(text, NULL, 10) != 0)
            json_object_set_new(
                args, name, json_integer(strtoll(text, NULL, 10)));
    }
    if (said_text(row, "outcome")[0] != '\0' && *wrong == NULL)
        return args;
    if (said_text(row, "outcome")[0] == '\0')
        *wrong = NULL;
    json_decref(args);
    return NULL;
}

struct entering {
    struct call *call;
    size_t logged, refused;
};

/* CALL_NO_AGENT: nothing is known of this row, and those behind it were not
 * tried. */
static int enter_row(struct entering *e, const json_t *row)
{
    struct output *output = e->call->output;
    const long long line = (long long)said_number(row, "line");
    const char *family = said_text(row, "case");
    const char *wrong;
    json_t *args = log_args(&wrong, row);
    json_t *result = NULL;
    int code;

    if (wrong != NULL) {
        e->refused++;
        output_line(output, OUTPUT_WARN,
            "line %lld, case %s: %s is not a number", line, family, wrong);
    }
    if (args == NULL)
        return CALL_DONE;
    code = call_ask(&result, e->call, "log", args, -1);
    json_decref(result);
    if (code == CALL_DONE)
        e->logged++;
    else if (code == CALL_NO_AGENT)
        output_line(output, OUTPUT_WARN,
            "stopped at line %lld, case %s: %zu calls before it were entered",
            line, family, e->logged);
    else {
        e->refused++;
        output_line(
            output, OUTPUT_WARN, "line %lld, case %s: not taken", line, family);
    }
    return code == CALL_NO_AGENT ? code : CALL_DONE;
}

int do_callsheet_enter(struct call *call)
{
    struct entering e = {.call = call};
    json_t *rows = NULL;
    int code = read_rows(&rows, call);

    for (size_t i = 0; code == CALL_DONE && i < json_array_size(rows); i++)
        code = enter_row(&e, json_array_get(rows, i));
    json_decref(rows);
    if (code != CALL_DONE)
        return code;
    output_line(call->output, OUTPUT_PLAIN, "%zu calls entered, %zu not taken",
        e.logged, e.refused);
    output_next(call->output,
        e.refused > 0 ? "mend these lines, and enter a sheet with them alone"
                      : "moveup list");
    return e.refused > 0 ? CALL_REFUSED : CALL_DONE;
}
