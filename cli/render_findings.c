#include "cli/render_findings.h"

#include <stdio.h>
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

/* What a warning means, when only their number is shown. */
static const struct {
    const char *reason, *words;
} meanings[] = {
    {"age", "unusual age: check the date of birth"},
    {"attendance-sum", "attendance that does not add up"},
    {"bad-boolean", "neither yes nor no: not kept"},
    {"bad-date", "not a date of the calendar: not kept"},
    {"bad-former-upn", "former UPN that cannot be right"},
    {"bad-uln", "learner number that cannot be right"},
    {"bidi-control", "hidden characters, replaced by spaces"},
    {"contact-order", "two contacts in the same place of the order"},
    {"control-character", "hidden characters, replaced by spaces"},
    {"court-order", "court order on file: read it before anybody rings"},
    {"date-before-birth", "date before the child was born: not kept"},
    {"destination-closed", "the school has left the cluster: kept, not sent"},
    {"destination-unknown",
        "the school is not in this cluster: kept, not sent"},
    {"email-unclear", "e-mail address that cannot be right"},
    {"name", "file not named as CTFs are; what is in it decides"},
    {"no-destination", "no school to send to"},
    {"no-phone", "contact without a telephone number"},
    {"no-pupils", "file without pupils"},
    {"no-relationship", "contact whose relationship is not stated"},
    {"old-code", "code that is no longer used: taken as it is"},
    {"partial", "file that says it is not full: nothing is deleted for it"},
    {"phone-text", "telephone number with words beside it"},
    {"phone-unclear", "telephone number that cannot be dialled as it stands"},
    {"pupil-email", "pupil's e-mail address that is a parent's"},
    {"temporary-upn", "temporary UPN: import again when the real one comes"},
    {"unknown-code", "code that is in no list: taken as it is"},
    {"version", "CTF of another version: some may not be understood"},
};

static const char *meaning(const char *reason, char text[PLAIN_SIZE])
{
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
        if (strcmp(meanings[i].reason, reason) == 0)
            return meanings[i].words;
    return plain_code(reason, text);
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
    char first[32];

    output_line(output, OUTPUT_HEADING, "Worth a look");
    if (every) {
        render_findings_all(output, warnings);
        return;
    }
    for (size_t i = 0; i < json_array_size(warnings); i++) {
        const char *reason = said_text(json_array_get(warnings, i), "reason");

        if (!is_first(warnings, i))
            continue;
        snprintf(
            first, sizeof first, "  %4zu  ", count_reason(warnings, reason));
        output_wrap(output, first, meaning(reason, words));
    }
    output_line(output, OUTPUT_PLAIN,
        "  (which children: the same command with --verbose)");
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
