#include "cli/render_import.h"

#include "base/mem.h"
#include "cli/call.h"
#include "cli/grid.h"
#include "cli/plain.h"
#include "cli/render_findings.h"
#include "cli/said.h"

static const struct grid_column file_columns[] = {
    {"file", NULL, GRID_CUT},
    {"new", NULL, GRID_RIGHT},
    {"changed", NULL, GRID_RIGHT},
    {"same", NULL, GRID_RIGHT},
    {"not taken", NULL, GRID_RIGHT},
};

static void files_grid(struct output *output, const json_t *files)
{
    SCOPED(grid_freep) struct grid *grid = grid_new(file_columns, 5);

    for (size_t i = 0; i < json_array_size(files); i++) {
        const json_t *file = json_array_get(files, i);

        grid_cell(grid, "%s", said_text(file, "file"));
        grid_cell(grid, "%lld", (long long)said_number(file, "accepted"));
        grid_cell(grid, "%lld", (long long)said_number(file, "changed"));
        grid_cell(grid, "%lld", (long long)said_number(file, "unchanged"));
        grid_cell(grid, "%lld", (long long)said_number(file, "refused"));
    }
    grid_print(grid, output);
}

static json_int_t sum(const json_t *array, const char *field)
{
    json_int_t total = 0;

    for (size_t i = 0; i < json_array_size(array); i++)
        total += said_number(json_array_get(array, i), field);
    return total;
}

#define MEND                                                                   \
    "put right what was not taken, in your own system if it is about a "       \
    "child, "                                                                  \
    "then import again"

static void import_next(struct call *call, const json_t *result)
{
    const json_t *files = json_object_get(result, "files");
    const json_int_t taken = sum(files, "accepted") + sum(files, "changed");
    const json_int_t queued = said_number(result, "queued");
    const bool refused =
        json_array_size(json_object_get(result, "refused")) > 0;
    char count[PLAIN_SIZE];

    output_gap(call->output);
    if (queued > 0)
        output_line(call->output, OUTPUT_GOOD, "%s on the way.",
            plain_count(queued, "record is", "records are", count));
    if (refused)
        output_next(call->output, MEND);
    if (call_flag(call, "dry-run") && taken > 0)
        output_next(call->output,
            "nothing was changed; to take them in, leave --dry-run out");
    else if (queued > 0)
        output_next(call->output, "see how far they get: moveup leavers list");
    else if (taken > 0)
        output_next(call->output,
            "see what is missing: moveup leavers check; then send what is "
            "ready: moveup leavers send --all");
    else if (!refused)
        output_next(call->output,
            "nothing is new; see how far they are: moveup leavers list");
}

void render_import_files(struct call *call, const json_t *result)
{
    const json_t *refused = json_object_get(result, "refused");
    const json_t *warnings = json_object_get(result, "warnings");

    files_grid(call->output, json_object_get(result, "files"));
    if (json_array_size(refused) > 0) {
        output_gap(call->output);
        output_line(call->output, OUTPUT_HEADING, "Not taken, and why");
        render_findings_all(call->output, refused);
    }
    if (json_array_size(warnings) > 0) {
        output_gap(call->output);
        render_findings_warnings(
            call->output, warnings, call_flag(call, "verbose"));
    }
    import_next(call, result);
}

/* Those that keep a record here, or those that do not. */
static json_t *which(const json_t *problems, bool blocking)
{
    json_t *some = json_array();

    for (size_t i = 0; i < json_array_size(problems); i++) {
        json_t *one = json_array_get(problems, i);

        if (said_is_true(one, "blocks") == blocking)
            json_array_append(some, one);
    }
    return some;
}

/* Returns how many there were. */
static size_t section(
    struct output *output, const char *heading, const json_t *findings)
{
    if (json_array_size(findings) > 0) {
        output_gap(output);
        output_line(output, OUTPUT_HEADING, "%s", heading);
        render_findings_all(output, findings);
    }
    return json_array_size(findings);
}

static void check_next(
    struct output *output, const json_t *result, bool must, bool may)
{
    const json_int_t to_send = said_number(result, "to_send");

    output_gap(output);
    if (must)
        output_next(output,
            "put these right in your own system, export and import again: "
            "moveup leavers import FILE");
    else if (may)
        output_next(output,
            "look at these while school is open; what your own system has "
            "wrong, mend there, and import again");
    if (to_send > 0)
        output_next(output, "send what is ready: moveup leavers send --all");
    else if (said_number(result, "leavers") == 0)
        output_next(output, "moveup leavers import FILE");
    else if (!must && !may)
        output_next(output, "see how far they are: moveup leavers list");
}

/* "57 leavers: 54 ready to send, 2 worth a look"; what is none is left out. */
static void check_totals(struct output *output, const json_t *result)
{
    const long long to_send = said_number(result, "to_send");
    const struct {
        long long count;
        const char *words;
    } parts[] = {
        {said_number(result, "ready") - to_send, "sent already"},
        {said_number(result, "incomplete"), "worth a look"},
        {said_number(result, "no_destination"), "without a destination"},
    };
    char leavers[PLAIN_SIZE];
    SCOPED(mem_freep)
    char *line = mem_format("%s: %lld ready to send",
        plain_count(
            said_number(result, "leavers"), "leaver", "leavers", leavers),
        to_send);

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        char *longer;

        if (parts[i].count <= 0)
            continue;
        longer =
            mem_format("%s, %lld %s", line, parts[i].count, parts[i].words);
        mem_freep(&line);
        line = longer;
    }
    output_wrap(output, "", line);
}

void render_import_check(struct call *call, const json_t *result)
{
    const json_t *problems = json_object_get(result, "problems");
    json_t *must = which(problems, true);
    json_t *may = which(problems, false);
    size_t musts;

    check_totals(call->output, result);
    musts = section(call->output, "Cannot be sent yet", must);
    musts += section(call->output, "Held at import, not taken",
        json_object_get(result, "held"));
    section(call->output, "Worth a look", may);
    check_next(call->output, result, musts > 0, json_array_size(may) > 0);
    json_decref(must);
    json_decref(may);
}
