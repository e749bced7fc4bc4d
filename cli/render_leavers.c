#include "cli/render_leavers.h"

#include <stdio.h>
#include <string.h>

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

void render_leavers_import(struct call *call, const json_t *result)
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

void render_leavers_check(struct call *call, const json_t *result)
{
    const json_t *problems = json_object_get(result, "problems");
    json_t *must = which(problems, true);
    json_t *may = which(problems, false);
    const json_int_t incomplete = said_number(result, "incomplete");
    const json_int_t nowhere = said_number(result, "no_destination");
    char leavers[PLAIN_SIZE], nowhere_text[PLAIN_SIZE];
    size_t musts;

    snprintf(nowhere_text, sizeof nowhere_text, ", %lld without a destination",
        (long long)nowhere);
    output_line(call->output, OUTPUT_PLAIN,
        "%s: %lld ready to send, %lld worth a look%s",
        plain_count(
            said_number(result, "leavers"), "leaver", "leavers", leavers),
        (long long)said_number(result, "to_send"), (long long)incomplete,
        nowhere > 0 ? nowhere_text : "");
    musts = section(call->output, "Cannot be sent yet", must);
    musts += section(call->output, "Held at import, not taken",
        json_object_get(result, "held"));
    section(call->output, "Worth a look before you send", may);
    check_next(call->output, result, musts > 0, json_array_size(may) > 0);
    json_decref(must);
    json_decref(may);
}

static const struct grid_column leaver_columns[] = {
    {"pupil", NULL, GRID_CUT | GRID_TEXT},
    {"surname", NULL, GRID_CSV},
    {"forename", NULL, GRID_CSV},
    {"UPN", "upn", 0},
    {"to", NULL, 0},
    {"revision", NULL, GRID_CSV},
    {"state", NULL, 0},
    {"since", NULL, GRID_TEXT | GRID_RIGHT},
    {"sent_at", NULL, GRID_CSV},
    {"received_at", NULL, GRID_CSV},
    {"applied_at", NULL, GRID_CSV},
    {"read by", "read_by", GRID_CUT},
    {"read_at", NULL, GRID_CSV},
    {"family", NULL, GRID_CUT},
    {"tutor", NULL, GRID_CUT}, /* left out of text while nobody has one */
    {"used", NULL, GRID_CSV},
};
#define LEAVER_COLUMNS (sizeof leaver_columns / sizeof leaver_columns[0])
#define TUTOR_COLUMN (LEAVER_COLUMNS - 2)

/* The newest of its times: how long it has been as it is. */
static const char *since(
    const struct call *call, const json_t *leaver, char age[SAID_AGE_SIZE])
{
    static const char *const times[] = {"recall_confirmed_at", "read_at",
        "applied_at", "received_at", "sent_at"};
    const bool recalled = strcmp(said_text(leaver, "state"), "recalled") == 0;

    /* How it was read is no news once it is recalled, nor how it was recalled
     * from one school once it is at another. */
    for (size_t i = recalled ? 0 : 1; i < 5; i += recalled && i == 0 ? 2 : 1)
        if (said_since(leaver, times[i], call->output->now, age)[0] != '\0')
            return age;
    return "-";
}

static enum output_style state_style(const char *state)
{
    if (strcmp(state, "rejected") == 0 || strcmp(state, "quarantined") == 0 ||
        strcmp(state, "expired") == 0)
        return OUTPUT_BAD;
    return OUTPUT_PLAIN;
}

/* "SENCO: contacts, support; LEAD: contacts" */
static void used_cell(struct grid *grid, const json_t *used)
{
    char text[800] = "";
    size_t len = 0;

    for (size_t i = 0; i < json_array_size(used) && len < sizeof text; i++) {
        const json_t *one = json_array_get(used, i);
        char parts[SAID_NAME_SIZE];

        len += (size_t)snprintf(text + len, sizeof text - len, "%s%s: %s",
            i == 0 ? "" : "; ", said_text(one, "role"),
            said_joined(one, "sections", "", parts));
    }
    grid_cell(grid, "%s", text);
}

static void leaver_row(
    struct call *call, struct grid *grid, const json_t *leaver)
{
    const char *state = said_text(leaver, "state");
    const char *family = said_text(leaver, "family");
    char name[SAID_NAME_SIZE];
    char age[SAID_AGE_SIZE];
    char words[PLAIN_SIZE];

    grid_cell(grid, "%s", said_list_name(leaver, name));
    grid_cell(grid, "%s", said_text(leaver, "surname"));
    grid_cell(grid, "%s", said_text(leaver, "forename"));
    grid_cell(grid, "%s", said_text(leaver, "upn"));
    grid_cell(grid, "%s", said_text(leaver, "to"));
    grid_cell(grid, "%lld", (long long)said_number(leaver, "revision"));
    grid_cell(grid, "%s", state);
    grid_cell(grid, "%s", since(call, leaver, age));
    grid_cell(grid, "%s", said_text(leaver, "sent_at"));
    grid_cell(grid, "%s", said_text(leaver, "received_at"));
    grid_cell(grid, "%s", said_text(leaver, "applied_at"));
    grid_cell(grid, "%s", said_text(leaver, "read_by"));
    grid_cell(grid, "%s", said_text(leaver, "read_at"));
    if (call->output->form == OUTPUT_CSV)
        grid_cell(grid, "%s", family);
    else
        grid_cell(grid, "%s",
            strcmp(family, "none") == 0 ? "" : plain_code(family, words));
    grid_cell(grid, "%s", said_text(leaver, "tutor"));
    used_cell(grid, json_object_get(leaver, "used"));
    grid_style(grid, state_style(state));
}

static size_t count_state(const json_t *leavers, const char *state)
{
    size_t count = 0;

    for (size_t i = 0; i < json_array_size(leavers); i++)
        if (strcmp(said_text(json_array_get(leavers, i), "state"), state) == 0)
            count++;
    return count;
}

/* "57 leavers: 40 applied, 17 ready" in the order of a record's life. */
static void leavers_total(struct output *output, const json_t *leavers)
{
    static const char *const states[] = {"draft", "ready", "queued", "sent",
        "received", "applied", "read", "rejected", "quarantined", "expired",
        "recalled", "superseded"};
    char line[400];
    char count[PLAIN_SIZE];
    size_t used = 0;

    line[0] = '\0';
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        const size_t n = count_state(leavers, states[i]);

        if (n > 0)
            used += (size_t)snprintf(line + used, sizeof line - used,
                "%s%zu %s", used == 0 ? "" : ", ", n, states[i]);
    }
    output_gap(output);
    output_line(output, OUTPUT_PLAIN, "%s: %s",
        plain_count(
            (long long)json_array_size(leavers), "leaver", "leavers", count),
        line);
}

static bool names_tutor(const json_t *leavers)
{
    for (size_t i = 0; i < json_array_size(leavers); i++)
        if (said_text(json_array_get(leavers, i), "tutor")[0] != '\0')
            return true;
    return false;
}

static void nobody(struct call *call)
{
    if (call_flag(call, "to") || call_flag(call, "state")) {
        output_line(call->output, OUTPUT_PLAIN, "No leaver is like that.");
        output_next(call->output, "moveup leavers list shows them all");
    } else {
        output_line(call->output, OUTPUT_PLAIN, "No leavers are recorded.");
        output_next(call->output, "moveup leavers import FILE");
    }
}

static void list_next(struct output *output, const json_t *leavers)
{
    const size_t unsent =
        count_state(leavers, "ready") + count_state(leavers, "draft");
    const size_t ended =
        count_state(leavers, "read") + count_state(leavers, "recalled");

    if (unsent > 0)
        output_next(output,
            "see what is missing: moveup leavers check; send: moveup leavers "
            "send --all");
    else if (ended == json_array_size(leavers))
        output_next(output,
            "nothing; what the secondaries ask comes here: moveup inbox");
    else
        output_next(output,
            "one child in full: moveup leavers show UPN; what the secondaries "
            "ask: moveup inbox");
}

void render_leavers_list(struct call *call, const json_t *result)
{
    const json_t *leavers = json_object_get(result, "leavers");
    struct grid_column columns[LEAVER_COLUMNS];
    SCOPED(grid_freep) struct grid *grid = grid_new(columns, LEAVER_COLUMNS);

    memcpy(columns, leaver_columns, sizeof columns);
    if (!names_tutor(leavers))
        columns[TUTOR_COLUMN].flags = GRID_CSV;

    for (size_t i = 0; i < json_array_size(leavers); i++)
        leaver_row(call, grid, json_array_get(leavers, i));
    if (call->output->form == OUTPUT_CSV || json_array_size(leavers) > 0)
        grid_print(grid, call->output);
    if (call->output->form == OUTPUT_CSV)
        return;
    if (json_array_size(leavers) == 0) {
        nobody(call);
        return;
    }
    leavers_total(call->output, leavers);
    render_findings_of_leavers(call->output, leavers);
    list_next(call->output, leavers);
}

void render_leavers_send(struct call *call, const json_t *result)
{
    const json_t *skipped = json_object_get(result, "skipped");
    const json_int_t queued = said_number(result, "queued");
    const json_int_t already = said_number(result, "already");
    char count[PLAIN_SIZE];

    output_line(call->output, OUTPUT_PLAIN, "%s queued.",
        plain_count(queued, "record is", "records are", count));
    if (already > 0)
        output_line(call->output, OUTPUT_PLAIN, "%s already sent as it is now.",
            plain_count(already, "record was", "records were", count));
    if (json_array_size(skipped) > 0) {
        output_gap(call->output);
        output_line(call->output, OUTPUT_HEADING, "Not sent, and why");
        render_findings_all(call->output, skipped);
    }
    output_gap(call->output);
    output_next(call->output,
        json_array_size(skipped) > 0 && queued == 0
            ? "put these right in your own system, then import again"
            : "see how far they get: moveup leavers list");
}
