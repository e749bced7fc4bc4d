#include "cli/do_certs.h"

#include <stdlib.h>
#include <string.h>

#include "cli/call.h"
#include "cli/grid.h"
#include "cli/office.h"
#include "cli/overview.h"
#include "cli/said.h"
#include "cli/span.h"
#include "crypto/cert.h"

#define CRITICAL_DAYS 7
#define WARN_DAYS 60
#define SAME_MS SPAN_DAY_MS

struct entry {
    const struct survey_school *school;
    wall expiry;
};

static int by_expiry(const void *a, const void *b)
{
    const struct entry *left = a;
    const struct entry *right = b;

    if (left->expiry.ms != right->expiry.ms)
        return left->expiry.ms < right->expiry.ms ? -1 : 1;
    return strcmp(
        left->school->entry->laestab.text, right->school->entry->laestab.text);
}

/* What its own report says of the certificates that it uses. */
static const char *note_of(const struct entry *entry)
{
    const struct survey_school *school = entry->school;

    if (school->state == SURVEY_FORGED)
        return "its report is signed with another key";
    if (school->state != SURVEY_GOOD)
        return "no report";
    return school->report.certificate_expiry.ms + SAME_MS < entry->expiry.ms
               ? "has not joined with its new ones yet"
               : "";
}

static const char *level_of(long long days)
{
    return days <= CRITICAL_DAYS ? "critical"
           : days <= WARN_DAYS   ? "warning"
                                 : "ok";
}

static json_t *entry_json(const struct entry *entry, wall now)
{
    const long long days = office_days_left(now.ms, entry->expiry.ms);
    char text[CLOCK_TEXT_SIZE];

    return json_pack("{s:s,s:s,s:I,s:s,s:s,s:s}", "laestab",
        entry->school->entry->laestab.text, "name", entry->school->entry->name,
        "days_left", (json_int_t)days, "expires",
        clock_format(entry->expiry, text), "level", level_of(days), "note",
        note_of(entry));
}

/* A hub's own certificate, by which it signs what it attests. */
static json_t *hub_json(
    const struct members *members, const struct directory_hub *hub, wall now)
{
    const struct cert *cert = members_hub_cert(members, hub->endpoint, 0);
    const long long days =
        cert == NULL ? 0 : office_days_left(now.ms, cert_expiry(cert).ms);
    char text[CLOCK_TEXT_SIZE];

    if (cert == NULL)
        return json_pack("{s:s,s:s,s:n,s:n,s:s,s:s}", "endpoint", hub->endpoint,
            "name", hub->name, "days_left", "expires", "level", "warning",
            "note", "signs nothing: keys rotate there");
    return json_pack("{s:s,s:s,s:I,s:s,s:s,s:s}", "endpoint", hub->endpoint,
        "name", hub->name, "days_left", (json_int_t)days, "expires",
        clock_format(cert_expiry(cert), text), "level", level_of(days), "note",
        "");
}

static json_t *hubs_json(const struct members *members, wall now)
{
    const struct directory_content *directory = members_content(members);
    json_t *list = json_array();

    for (size_t i = 0; i < directory->hub_count; i++)
        if (directory->hubs[i].status == MEMBER_ACTIVE)
            json_array_append_new(
                list, hub_json(members, &directory->hubs[i], now));
    return list;
}

static json_t *certs_json(struct survey *survey)
{
    const struct directory_content *directory =
        members_content(survey->members);
    struct entry *entries = arena_take(
        &survey->arena, (survey->school_count + 1) * sizeof *entries);
    json_t *list = json_array();
    char soft[CLOCK_TEXT_SIZE], hard[CLOCK_TEXT_SIZE];
    size_t count = 0;

    for (size_t i = 0; i < survey->school_count; i++) {
        const struct survey_school *school = &survey->schools[i];

        if (school->entry->status == MEMBER_ACTIVE)
            entries[count++] = (struct entry){school,
                members_expiry(survey->members, &school->entry->laestab)};
    }
    qsort(entries, count, sizeof *entries, by_expiry);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, entry_json(&entries[i], survey->now));
    return json_pack("{s:{s:I,s:s,s:s},s:o,s:o,s:o}", "directory", "version",
        (json_int_t)directory->version, "soft_expiry",
        clock_format(directory->soft_expiry, soft), "hard_expiry",
        clock_format(directory->hard_expiry, hard), "certificates", list,
        "hubs", hubs_json(survey->members, survey->now), "missing",
        overview_missing(survey));
}

static const struct grid_column columns[] = {
    {"days", NULL, GRID_RIGHT},
    {"until", "expires", 0},
    {"number", "laestab", 0},
    {"school", "name", GRID_CUT},
    {"note", NULL, 0},
};

static void add_row(const struct call *call, struct grid *grid,
    const json_t *row, const char *number)
{
    const bool csv = call->output->form == OUTPUT_CSV;
    const char *level = said_text(row, "level");
    char until[SAID_DATE_SIZE];

    if (json_is_null(json_object_get(row, "days_left"))) {
        grid_cell(grid, csv ? "" : "-");
        grid_cell(grid, csv ? "" : "-");
    } else {
        grid_cell(grid, "%lld", (long long)said_number(row, "days_left"));
        grid_cell(grid, "%s",
            csv ? said_text(row, "expires") : said_date(row, "expires", until));
    }
    grid_cell(grid, "%s", number);
    grid_cell(grid, "%s", said_text(row, "name"));
    grid_cell(grid, "%s", said_text(row, "note"));
    grid_style(grid, strcmp(level, "critical") == 0  ? OUTPUT_BAD
                     : strcmp(level, "warning") == 0 ? OUTPUT_WARN
                                                     : OUTPUT_PLAIN);
}

static void render_hubs(
    const struct call *call, struct grid *grid, const json_t *hubs)
{
    for (size_t i = 0; i < json_array_size(hubs); i++)
        add_row(call, grid, json_array_get(hubs, i), "hub");
}

static void render(struct call *call, const json_t *result)
{
    SCOPED(grid_freep) struct grid *grid = grid_new(columns, 5);
    const json_t *directory = json_object_get(result, "directory");
    const json_t *list = json_object_get(result, "certificates");
    char soft[SAID_DATE_SIZE], hard[SAID_DATE_SIZE];

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);

        add_row(call, grid, row, said_text(row, "laestab"));
    }
    render_hubs(call, grid, json_object_get(result, "hubs"));
    grid_print(grid, call->output);
    if (call->output->form != OUTPUT_TEXT)
        return;
    output_gap(call->output);
    output_line(call->output, OUTPUT_PLAIN,
        "directory %lld: renew it before %s; refused from %s",
        (long long)said_number(directory, "version"),
        said_date(directory, "soft_expiry", soft),
        said_date(directory, "hard_expiry", hard));
}

int do_certs_show(struct call *call)
{
    SCOPED(overview_close) struct overview o = {.authority = NULL};
    const int code = overview_open(&o, call);

    return code == CALL_DONE ? call_show(call, certs_json(&o.survey), render)
                             : code;
}
