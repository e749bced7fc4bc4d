#include "cli/roster.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/call.h"
#include "cli/grid.h"
#include "cli/office.h"
#include "trust/authority.h"
#include "trust/words.h"

#define WARN_DAYS 60 /* from here an expiry is announced (design 3) */

static json_t *time_json(wall when)
{
    char text[CLOCK_TEXT_SIZE];

    return json_string(clock_format(when, text));
}

static json_t *school_json(const struct members *members,
    const struct directory_school *school, wall now)
{
    const wall expiry = members_expiry(members, &school->laestab);
    json_t *out = json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "laestab",
        school->laestab.text, "urn", school->urn, "name", school->name, "phase",
        words_phase(school->phase), "status", words_status(school->status),
        "status_since", time_json(school->status_since));

    json_object_set_new(out, "certificate_days_left",
        expiry.ms == 0 ? json_null()
                       : json_integer(office_days_left(now.ms, expiry.ms)));
    if (school->reason != NULL && school->reason[0] != '\0')
        json_object_set_new(out, "reason", json_string(school->reason));
    return out;
}

static json_t *roster_json(const struct authority *authority, wall now)
{
    const struct members *members = authority_members(authority);
    const struct directory_content *content = members_content(members);
    char fingerprint[HASH_FINGERPRINT_SIZE];
    json_t *schools = json_array();
    json_t *hubs = json_array();

    for (size_t i = 0; i < content->school_count; i++)
        json_array_append_new(
            schools, school_json(members, &content->schools[i], now));
    for (size_t i = 0; i < content->hub_count; i++)
        json_array_append_new(
            hubs, json_pack("{s:s, s:s, s:s}", "endpoint",
                      content->hubs[i].endpoint, "name", content->hubs[i].name,
                      "status", words_status(content->hubs[i].status)));
    hash_fingerprint(fingerprint, authority_digest(authority));
    return json_pack("{s:s, s:I, s:o, s:o, s:o, s:s, s:o, s:o}", "cluster",
        content->cluster, "version", (json_int_t)content->version, "issued",
        time_json(content->issued), "soft_expiry",
        time_json(content->soft_expiry), "hard_expiry",
        time_json(content->hard_expiry), "authority_fingerprint", fingerprint,
        "schools", schools, "hubs", hubs);
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text == NULL ? "" : text;
}

/* Columns of the longest name; names are cut by nobody. */
static int name_columns(const json_t *rows)
{
    size_t widest = 0;

    for (size_t i = 0; i < json_array_size(rows); i++) {
        const size_t columns =
            text_columns(text_of(json_array_get(rows, i), "name"));

        widest = columns > widest ? columns : widest;
    }
    return (int)widest;
}

static int padding(const char *text, int columns)
{
    const int have = (int)text_columns(text);

    return have < columns ? columns - have : 0;
}

static void render_school(struct call *call, const json_t *school, int columns)
{
    const json_t *days = json_object_get(school, "certificate_days_left");
    const char *name = text_of(school, "name");
    const char *status = text_of(school, "status");
    enum output_style style = OUTPUT_PLAIN;
    SCOPED(mem_freep) char *expiry = NULL;

    if (json_is_null(days)) {
        expiry = mem_format("%s", text_of(school, "reason"));
    } else {
        const long long left = json_integer_value(days);

        expiry = left < 0 ? mem_format("certificates have expired")
                          : mem_format("certificates %lld days", left);
        style = left < 0            ? OUTPUT_BAD
                : left <= WARN_DAYS ? OUTPUT_WARN
                                    : OUTPUT_PLAIN;
    }
    output_line(call->output, style, "%s  %s  %s%*s  %-11s  %-8s  %s",
        text_of(school, "laestab"), text_of(school, "urn"), name,
        padding(name, columns), "", text_of(school, "phase"), status, expiry);
}

static void render_expiry(struct call *call, const json_t *result)
{
    wall soft = {0}, hard = {0};
    const wall now = call->output->now;

    if (clock_parse(&soft, text_of(result, "soft_expiry"), NULL) < 0 ||
        clock_parse(&hard, text_of(result, "hard_expiry"), NULL) < 0)
        return;
    if (now.ms >= hard.ms)
        output_line(call->output, OUTPUT_BAD,
            "It has expired: nobody accepts it any more. Next: moveup cluster "
            "publish --renew");
    else if (now.ms >= soft.ms)
        output_line(call->output, OUTPUT_WARN,
            "It is old; it will be refused in %lld days. Next: moveup cluster "
            "publish --renew",
            office_days_left(now.ms, hard.ms));
}

static void render_text(struct call *call, const json_t *result)
{
    struct output *output = call->output;
    const json_t *schools = json_object_get(result, "schools");
    const json_t *hubs = json_object_get(result, "hubs");
    const int columns = name_columns(schools);
    const int hub_columns = name_columns(hubs);

    output_line(output, OUTPUT_HEADING, "%s", text_of(result, "cluster"));
    output_line(output, OUTPUT_PLAIN,
        "directory %" JSON_INTEGER_FORMAT
        ", issued %.10s, renew before %.10s, refused from %.10s",
        json_integer_value(json_object_get(result, "version")),
        text_of(result, "issued"), text_of(result, "soft_expiry"),
        text_of(result, "hard_expiry"));
    render_expiry(call, result);
    output_line(output, OUTPUT_PLAIN, "authority %s",
        text_of(result, "authority_fingerprint"));
    output_gap(output);
    if (json_array_size(schools) == 0)
        output_line(
            output, OUTPUT_PLAIN, "No school yet. Next: moveup cluster enrol");
    for (size_t i = 0; i < json_array_size(schools); i++)
        render_school(call, json_array_get(schools, i), columns);
    for (size_t i = 0; i < json_array_size(hubs); i++) {
        const json_t *hub = json_array_get(hubs, i);
        const char *name = text_of(hub, "name");

        output_line(output, OUTPUT_PLAIN, "hub  %s%*s  %-8s  %s", name,
            padding(name, hub_columns), "", text_of(hub, "status"),
            text_of(hub, "endpoint"));
    }
}

static const struct grid_column csv_columns[] = {
    {"laestab", NULL, 0},
    {"urn", NULL, 0},
    {"name", NULL, 0},
    {"phase", NULL, 0},
    {"status", NULL, 0},
    {"certificate_days_left", NULL, 0},
};

static void render_csv(struct call *call, const json_t *result)
{
    const json_t *schools = json_object_get(result, "schools");
    SCOPED(grid_freep) struct grid *grid = grid_new(csv_columns, 6);

    for (size_t i = 0; i < json_array_size(schools); i++) {
        const json_t *school = json_array_get(schools, i);
        const json_t *days = json_object_get(school, "certificate_days_left");

        for (size_t k = 0; k < 5; k++)
            grid_cell(grid, "%s", text_of(school, csv_columns[k].title));
        if (json_is_integer(days))
            grid_cell(grid, "%lld", (long long)json_integer_value(days));
        else
            grid_cell(grid, "%s", "");
    }
    grid_print(grid, call->output);
}

static void render(struct call *call, const json_t *result)
{
    if (call->output->form == OUTPUT_CSV)
        render_csv(call, result);
    else
        render_text(call, result);
}

int roster_show(struct call *call, const struct authority *authority)
{
    return call_show(call, roster_json(authority, call->output->now), render);
}
