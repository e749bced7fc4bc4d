#include "cli/do_staff.h"

#include <stdio.h>

#include "cli/call.h"
#include "cli/grid.h"
#include "cli/plain.h"
#include "cli/rights.h"
#include "cli/said.h"

static void render_added(struct call *call, const json_t *result)
{
    char step[RIGHTS_STEP_SIZE];

    (void)result;
    output_line(call->output, OUTPUT_PLAIN, "%s may now act as: %s.",
        call->words[0], call_option(call, "role"));
    output_next(call->output,
        rights_to_socket(step, call->words[0], call_socket(call)));
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

static void render_changed(struct call *call, const json_t *result)
{
    const json_t *staff = json_object_get(result, "staff");
    char roles[SAID_NAME_SIZE];

    if (said_is_true(staff, "active"))
        output_line(call->output, OUTPUT_PLAIN, "%s may now act as: %s.",
            said_text(staff, "login"), said_joined(staff, "roles", "", roles));
    else
        output_line(call->output, OUTPUT_PLAIN,
            "%s may do nothing here any more.", said_text(staff, "login"));
    output_next(call->output, "moveup staff list");
}

int do_staff_edit(struct call *call)
{
    static const char *const names[] = {"name", "role", "languages"};
    json_t *args = json_pack("{s:s}", "login", call->words[0]);
    bool any = false;

    for (size_t i = 0; i < 3; i++)
        if (call_option(call, names[i]) != NULL) {
            any = true;
            json_object_set_new(
                args, names[i], json_string(call_option(call, names[i])));
        }
    if (any)
        return call_agent(call, "staff.edit", args, render_changed);
    json_decref(args);
    return call_usage(call, "say what changes: --name, --role or --languages");
}

int do_staff_retire(struct call *call)
{
    return call_agent(call, "staff.retire",
        json_pack("{s:s}", "login", call->words[0]), render_changed);
}

static const struct grid_column audit_columns[] = {
    {"when", NULL, 0},
    {"who", NULL, GRID_CUT},
    {"did", NULL, GRID_CUT},
    {"case", NULL, GRID_RIGHT},
    {"detail", NULL, GRID_CUT},
};

/* "staff add", as it is typed, of staff.add */
static const char *plain_action(const json_t *row, char text[PLAIN_SIZE])
{
    snprintf(text, PLAIN_SIZE, "%s", said_text(row, "action"));
    for (char *c = text; *c != '\0'; c++)
        if (*c == '.')
            *c = ' ';
    return text;
}

static void render_audit(struct call *call, const json_t *result)
{
    const json_t *rows = json_object_get(result, "audit");
    SCOPED(grid_freep) struct grid *grid = grid_new(audit_columns, 5);

    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        char when[SAID_TIME_SIZE];
        char action[PLAIN_SIZE];

        grid_cell(grid, "%s",
            call->output->form == OUTPUT_CSV ? said_text(row, "at")
                                             : said_time(row, "at", when));
        grid_cell(grid, "%s", said_text(row, "login"));
        grid_cell(grid, "%s",
            call->output->form == OUTPUT_CSV ? said_text(row, "action")
                                             : plain_action(row, action));
        grid_cell(grid, "%s", said_text(row, "case"));
        grid_cell(grid, "%s", said_text(row, "detail"));
    }
    if (grid_print_or(grid, call->output, "Nothing of that kind."))
        output_next(call->output,
            said_is_true(result, "cut")
                ? "only the newest 5,000 are shown; say from which day: --since"
                : "for less: moveup audit --pupil UPN, --staff LOGIN, --since "
                  "DAY");
}

int do_staff_audit(struct call *call)
{
    static const char *const names[] = {"pupil", "staff", "since"};
    json_t *args = json_object();

    for (size_t i = 0; i < 3; i++)
        if (call_option(call, names[i]) != NULL)
            json_object_set_new(
                args, names[i], json_string(call_option(call, names[i])));
    return call_agent(call, "audit", args, render_audit);
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
        if (call->output->form == OUTPUT_TEXT)
            output_next(call->output,
                "moveup staff edit LOGIN --role caller,lead; moveup staff "
                "retire LOGIN");
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
