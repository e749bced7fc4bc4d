#include "cli/render_health.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "cli/call.h"
#include "cli/grid.h"
#include "cli/plain.h"
#include "cli/said.h"

#define INDENT "      "

/* How many schools are of each kind. */
struct counts {
    long long critical, warning, ok, primaries, secondaries;
};

static void count_schools(struct counts *out, const json_t *schools)
{
    *out = (struct counts){0, 0, 0, 0, 0};
    for (size_t i = 0; i < json_array_size(schools); i++) {
        const json_t *school = json_array_get(schools, i);
        const char *level = said_text(school, "level");
        const char *phase = said_text(school, "phase");

        out->critical += strcmp(level, "critical") == 0;
        out->warning += strcmp(level, "warning") == 0;
        out->ok += strcmp(level, "ok") == 0;
        if (strcmp(said_text(school, "status"), "active") != 0)
            continue;
        out->primaries += strcmp(phase, "primary") == 0;
        out->secondaries += strcmp(phase, "primary") != 0;
    }
}

/* The names of the first few that need somebody. */
static void worst_of(char *out, size_t size, const json_t *result)
{
    const json_t *schools = json_object_get(result, "schools");
    const json_t *hubs = json_object_get(result, "findings");
    size_t used = 0;

    out[0] = '\0';
    if (json_array_size(hubs) > 0)
        used = (size_t)snprintf(
            out, size, ": %s", said_text(json_array_get(hubs, 0), "text"));
    for (size_t i = 0; i < json_array_size(schools) && i < 3 && used < size;
         i++) {
        const json_t *school = json_array_get(schools, i);
        const json_t *found =
            json_array_get(json_object_get(school, "findings"), 0);

        if (found == NULL)
            break;
        used += (size_t)snprintf(out + used, size - used, "%s%s (%s)",
            used == 0 ? ": " : "; ", said_text(school, "name"),
            said_text(found, "text"));
    }
    for (char *c = out; *c != '\0'; c++)
        if (*c == '|') /* would begin the performance data */
            *c = '/';
}

static void first_line(struct call *call, const json_t *result)
{
    const json_t *totals = json_object_get(result, "totals");
    const char *level = said_text(result, "level");
    struct counts n;
    char worst[600];

    count_schools(&n, json_object_get(result, "schools"));
    worst_of(worst, sizeof worst, result);
    output_line(call->output,
        strcmp(level, "ok") == 0        ? OUTPUT_GOOD
        : strcmp(level, "warning") == 0 ? OUTPUT_WARN
                                        : OUTPUT_BAD,
        "MOVEUP CLUSTER %s - %lld critical, %lld warning, %lld ok%s"
        " | schools=%lld silent=%lld critical=%lld warning=%lld",
        strcmp(level, "ok") == 0        ? "OK"
        : strcmp(level, "warning") == 0 ? "WARNING"
                                        : "CRITICAL",
        n.critical, n.warning, n.ok, worst,
        (long long)said_number(totals, "schools"),
        (long long)said_number(totals, "silent"), n.critical, n.warning);
}

static void heading(struct call *call, const json_t *result)
{
    struct counts n;
    char at[SAID_TIME_SIZE], primaries[PLAIN_SIZE], secondaries[PLAIN_SIZE];

    count_schools(&n, json_object_get(result, "schools"));
    output_line(call->output, OUTPUT_HEADING, "%s   %s  %s   %s",
        said_text(result, "cluster"),
        plain_count(n.primaries, "primary", "primaries", primaries),
        plain_count(
            n.secondaries, "other school", "other schools", secondaries),
        said_time(result, "at", at));
}

static void one_finding(struct output *output, const json_t *found)
{
    char first[120];

    output_wrap(output, INDENT, said_text(found, "text"));
    snprintf(first, sizeof first, INDENT "-> %s: ", said_text(found, "who"));
    output_wrap(output, first, said_text(found, "next"));
}

static void group(struct output *output, const char *level, const char *name,
    const json_t *findings)
{
    const bool critical = strcmp(level, "critical") == 0;

    output_line(output, critical ? OUTPUT_BAD : OUTPUT_WARN, "%s  %s",
        critical ? "CRIT" : "WARN", name);
    for (size_t i = 0; i < json_array_size(findings); i++)
        one_finding(output, json_array_get(findings, i));
}

/* --- many schools with the same thing alone --- */

#define MANY 5

/* The one thing that is the matter with a school; "": none, or several. */
static const char *only_code(const json_t *school)
{
    const json_t *findings = json_object_get(school, "findings");

    return json_array_size(findings) == 1
               ? said_text(json_array_get(findings, 0), "code")
               : "";
}

static bool is_alike(const json_t *a, const json_t *b)
{
    return only_code(a)[0] != '\0' && strcmp(only_code(a), only_code(b)) == 0 &&
           strcmp(said_text(a, "level"), said_text(b, "level")) == 0;
}

/* How many are like the one at `at`, and where the first of them is. */
static size_t count_alike(size_t *first, const json_t *schools, size_t at)
{
    const json_t *one = json_array_get(schools, at);
    size_t count = 0;

    *first = at;
    for (size_t i = json_array_size(schools); i-- > 0;)
        if (is_alike(one, json_array_get(schools, i))) {
            *first = i;
            count++;
        }
    return count;
}

static void together(
    struct output *output, const json_t *schools, size_t at, size_t count)
{
    const json_t *one = json_array_get(schools, at);
    const json_t *found = json_array_get(json_object_get(one, "findings"), 0);
    const bool critical = strcmp(said_text(one, "level"), "critical") == 0;
    SCOPED(buf_free) struct buf names = BUF_EMPTY;
    char first[120];

    for (size_t i = at; i < json_array_size(schools); i++)
        if (is_alike(one, json_array_get(schools, i)))
            buf_format(&names, "%s%s", names.len == 0 ? "" : ", ",
                said_text(json_array_get(schools, i), "name"));
    buf_add(&names, (struct bytes){(const uint8_t *)"", 1});
    output_line(output, critical ? OUTPUT_BAD : OUTPUT_WARN,
        "%s  %zu schools, of which the first: %s", critical ? "CRIT" : "WARN",
        count, said_text(found, "text"));
    output_wrap(output, INDENT, (const char *)names.data);
    snprintf(
        first, sizeof first, INDENT "-> %s, each: ", said_text(found, "who"));
    output_wrap(output, first, said_text(found, "next"));
}

static void one_school(struct output *output, const json_t *school)
{
    char name[200];

    snprintf(name, sizeof name, "%s (%s)", said_text(school, "name"),
        said_text(school, "laestab"));
    group(output, said_text(school, "level"), name,
        json_object_get(school, "findings"));
}

static void needy(struct call *call, const json_t *result)
{
    const json_t *schools = json_object_get(result, "schools");
    const json_t *hubs = json_object_get(result, "findings");

    if (json_array_size(hubs) > 0)
        group(call->output, said_text(json_array_get(hubs, 0), "level"),
            "The hubs and the directory", hubs);
    for (size_t i = 0; i < json_array_size(schools); i++) {
        const json_t *school = json_array_get(schools, i);
        size_t first;
        const size_t alike = count_alike(&first, schools, i);

        if (strcmp(said_text(school, "level"), "ok") == 0)
            continue;
        if (alike < MANY)
            one_school(call->output, school);
        else if (first == i)
            together(call->output, schools, i, alike);
    }
}

static const struct grid_column csv_columns[] = {
    {"laestab", NULL, 0},
    {"name", NULL, 0},
    {"phase", NULL, 0},
    {"level", NULL, 0},
    {"last_report_s", NULL, 0},
    {"version", NULL, 0},
    {"queued", NULL, 0},
    {"oldest_unreceipted_s", NULL, 0},
    {"quarantined", NULL, 0},
    {"certificate_days_left", NULL, 0},
    {"reasons", NULL, 0},
};
#define CSV_COLUMNS (sizeof csv_columns / sizeof csv_columns[0])

/* A number that is not known is an empty cell. */
static void number_cell(
    struct grid *grid, const json_t *school, const char *name)
{
    if (json_is_integer(json_object_get(school, name)))
        grid_cell(grid, "%lld", (long long)said_number(school, name));
    else
        grid_cell(grid, "%s", "");
}

static void csv(struct call *call, const json_t *result)
{
    const json_t *schools = json_object_get(result, "schools");
    SCOPED(grid_freep) struct grid *grid = grid_new(csv_columns, CSV_COLUMNS);

    for (size_t i = 0; i < json_array_size(schools); i++) {
        const json_t *school = json_array_get(schools, i);
        char reasons[SAID_NAME_SIZE];

        grid_cell(grid, "%s", said_text(school, "laestab"));
        grid_cell(grid, "%s", said_text(school, "name"));
        grid_cell(grid, "%s", said_text(school, "phase"));
        grid_cell(grid, "%s", said_text(school, "level"));
        number_cell(grid, school, "last_report_s");
        grid_cell(grid, "%s", said_text(school, "version"));
        number_cell(grid, school, "queued");
        number_cell(grid, school, "oldest_unreceipted_s");
        number_cell(grid, school, "quarantined");
        number_cell(grid, school, "certificate_days_left");
        grid_cell(grid, "%s", said_joined(school, "reasons", NULL, reasons));
    }
    grid_print(grid, call->output);
}

void render_health_screen(struct call *call, const json_t *result)
{
    const json_t *totals = json_object_get(result, "totals");
    struct output *output = call->output;
    struct counts n;
    char ok[PLAIN_SIZE];

    if (output->form == OUTPUT_CSV) {
        csv(call, result);
        return;
    }
    count_schools(&n, json_object_get(result, "schools"));
    first_line(call, result);
    heading(call, result);
    output_gap(output);
    needy(call, result);
    if (n.ok > 0)
        output_line(output, OUTPUT_GOOD, "OK    %s",
            plain_count(n.ok, "school", "schools", ok));
    output_gap(output);
    output_line(output, OUTPUT_PLAIN,
        "leavers %lld  sent %lld  applied %lld  read %lld   families contacted "
        "%lld of %lld",
        (long long)said_number(totals, "leavers"),
        (long long)said_number(totals, "sent"),
        (long long)said_number(totals, "applied"),
        (long long)said_number(totals, "read"),
        (long long)said_number(totals, "contacted"),
        (long long)said_number(totals, "pupils"));
}

void render_health_unknown(struct call *call, const json_t *result)
{
    if (call->output->form == OUTPUT_CSV) {
        csv(call, result); /* the names of the columns, and no school */
        return;
    }
    output_line(call->output, OUTPUT_PLAIN, "MOVEUP CLUSTER UNKNOWN - %s",
        said_text(result, "text"));
}
