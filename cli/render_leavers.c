#include "cli/render_leavers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/call.h"
#include "cli/grid.h"
#include "cli/plain.h"
#include "cli/render_findings.h"
#include "cli/said.h"
#include "record/name.h"

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

/* A leaver and what it is sorted by. */
struct place {
    const json_t *leaver;
    char *key;
};

static int compare_places(const void *a, const void *b)
{
    return strcmp(
        ((const struct place *)a)->key, ((const struct place *)b)->key);
}

/* Rows by name, as people look for them; a file has any order. */
static void rows_by_name(
    struct call *call, struct grid *grid, const json_t *leavers)
{
    const size_t count = json_array_size(leavers);
    SCOPED(mem_freep)
    struct place *places = mem_alloc((count + 1) * sizeof *places);

    for (size_t i = 0; i < count; i++) {
        const json_t *leaver = json_array_get(leavers, i);
        char name[SAID_NAME_SIZE];

        said_list_name(leaver, name);
        places[i] = (struct place){leaver, mem_alloc(strlen(name) + 1)};
        name_fold(places[i].key, strlen(name) + 1, name);
    }
    qsort(places, count, sizeof *places, compare_places);
    for (size_t i = 0; i < count; i++) {
        leaver_row(call, grid, places[i].leaver);
        mem_freep(&places[i].key);
    }
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

    rows_by_name(call, grid, leavers);
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

    if (queued > 0)
        output_line(call->output, OUTPUT_PLAIN, "%s queued.",
            plain_count(queued, "record is", "records are", count));
    else
        output_line(call->output, OUTPUT_PLAIN, "Nothing was ready to send.");
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
        queued > 0 || already > 0 ? "see how far they get: moveup leavers list"
        : json_array_size(skipped) > 0
            ? "put these right in your own system, then import again"
            : "see what is missing: moveup leavers check");
}
