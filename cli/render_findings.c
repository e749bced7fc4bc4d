#include "cli/render_findings.h"

#include <string.h>

#include "cli/output.h"
#include "cli/plain.h"
#include "cli/said.h"

/* "line 812  Okoro, Tariq  A123456789012  held" and the reason below it. */
static void finding(struct output *output, const json_t *item)
{
    const json_int_t line = said_number(item, "line");
    const char *detail = said_text(item, "detail");
    const char *reason = said_text(item, "reason");
    char name[SAID_NAME_SIZE];
    char where[32] = "";
    char why[PLAIN_SIZE];

    said_list_name(item, name);
    if (line > 0)
        snprintf(where, sizeof where, "line %lld  ", (long long)line);
    output_line(output, OUTPUT_PLAIN, "  %s%s%s%s%s%s", where,
        name[0] == '\0' && said_text(item, "upn")[0] == '\0' ? "the whole file"
                                                             : name,
        name[0] == '\0' ? "" : "  ", said_text(item, "upn"),
        said_text(item, "outcome")[0] == '\0' ? "" : "  ",
        said_text(item, "outcome"));
    output_wrap(
        output, "      ", detail[0] == '\0' ? plain_code(reason, why) : detail);
}

void render_findings_all(struct output *output, const json_t *findings)
{
    const char *file = "";

    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *item = json_array_get(findings, i);

        if (strcmp(file, said_text(item, "file")) != 0) {
            file = said_text(item, "file");
            output_line(output, OUTPUT_PLAIN, "%s", file);
        }
        finding(output, item);
    }
}

static size_t count_reason(const json_t *warnings, const char *reason)
{
    size_t count = 0;

    for (size_t i = 0; i < json_array_size(warnings); i++)
        if (strcmp(said_text(json_array_get(warnings, i), "reason"), reason) ==
            0)
            count++;
    return count;
}

static bool is_first(const json_t *warnings, size_t at)
{
    const char *reason = said_text(json_array_get(warnings, at), "reason");

    for (size_t i = 0; i < at; i++)
        if (strcmp(said_text(json_array_get(warnings, i), "reason"), reason) ==
            0)
            return false;
    return true;
}

void render_findings_warnings(
    struct output *output, const json_t *warnings, bool every)
{
    char words[PLAIN_SIZE];

    output_line(output, OUTPUT_HEADING, "Taken, but worth a look");
    if (every) {
        render_findings_all(output, warnings);
        return;
    }
    for (size_t i = 0; i < json_array_size(warnings); i++) {
        const char *reason = said_text(json_array_get(warnings, i), "reason");

        if (is_first(warnings, i))
            output_line(output, OUTPUT_PLAIN, "  %4zu  %s",
                count_reason(warnings, reason), plain_code(reason, words));
    }
    output_line(output, OUTPUT_PLAIN, "  (each of them: --verbose)");
}

void render_findings_of_leavers(struct output *output, const json_t *leavers)
{
    bool begun = false;

    for (size_t i = 0; i < json_array_size(leavers); i++) {
        const json_t *leaver = json_array_get(leavers, i);
        const json_t *problems = json_object_get(leaver, "problem_texts");
        char name[SAID_NAME_SIZE];

        if (json_array_size(problems) == 0)
            continue;
        if (!begun) {
            output_gap(output);
            output_line(output, OUTPUT_HEADING, "Needs somebody");
            begun = true;
        }
        output_line(output, OUTPUT_PLAIN, "  %s  %s",
            said_list_name(leaver, name), said_text(leaver, "upn"));
        for (size_t j = 0; j < json_array_size(problems); j++)
            output_wrap(output, "      ",
                json_string_value(json_array_get(problems, j)));
    }
}
