#include "cli/render_details.h"

#include <stdio.h>
#include <string.h>

#include "cli/output.h"
#include "cli/said.h"
#include "record/codes.h"

#define TITLE_WIDTH 22
#define LINE_SIZE ((size_t)512)

/* "title                  text", broken where it is too long; nothing for "".
 */
static void titled(struct output *output, const char *title, const char *text)
{
    char first[TITLE_WIDTH + 80];

    if (text[0] == '\0')
        return;
    snprintf(first, sizeof first, "%-*s ", TITLE_WIDTH, title);
    output_wrap(output, first, text);
}

/* "SEN support (K)"; a code that is in no list as it is. */
static const char *in_words(
    enum code_set set, const char *code, char text[LINE_SIZE])
{
    const char *words = codes_describe(set, code);

    if (code[0] == '\0' || strcmp(words, code) == 0)
        snprintf(text, LINE_SIZE, "%s", code);
    else
        snprintf(text, LINE_SIZE, "%s (%s)", words, code);
    return text;
}

static void coded(struct output *output, const json_t *leaver,
    const char *title, const char *key, enum code_set set)
{
    char text[LINE_SIZE];

    titled(output, title, in_words(set, said_text(leaver, key), text));
}

/* "yes" and "no"; "unknown" says nothing. */
static void stated(struct output *output, const json_t *leaver,
    const char *title, const char *key)
{
    const char *text = said_text(leaver, key);

    titled(output, title, strcmp(text, "unknown") == 0 ? "" : text);
}

static void dated(struct output *output, const json_t *leaver,
    const char *title, const char *key)
{
    char date[SAID_DATE_SIZE];

    titled(output, title, said_date(leaver, key, date));
}

/* What people call the child, where that is not the legal name. */
static void names(struct output *output, const json_t *leaver)
{
    const char *forename = said_text(leaver, "preferred_forename");
    const char *surname = said_text(leaver, "preferred_surname");
    const bool other_forename =
        forename[0] != '\0' &&
        strcmp(forename, said_text(leaver, "forename")) != 0;
    const bool other_surname =
        surname[0] != '\0' &&
        strcmp(surname, said_text(leaver, "surname")) != 0;
    char text[LINE_SIZE];

    snprintf(text, sizeof text, "%s %s",
        other_forename ? forename : said_text(leaver, "forename"),
        other_surname ? surname : said_text(leaver, "surname"));
    if (other_forename || other_surname)
        titled(output, "known as", text);
    titled(output, "say the name", said_text(leaver, "say_name"));
    titled(output, "middle names", said_text(leaver, "middle_names"));
}

static void address(struct output *output, const json_t *leaver)
{
    const json_t *object = json_object_get(leaver, "address");
    const char *postcode = said_text(object, "postcode");
    char lines[SAID_NAME_SIZE];
    char text[LINE_SIZE];

    said_joined(object, "lines", "", lines);
    snprintf(text, sizeof text, "%s%s%s", lines,
        lines[0] != '\0' && postcode[0] != '\0' ? ", " : "", postcode);
    titled(output, "address", text);
}

static void disabilities(struct output *output, const json_t *leaver)
{
    const json_t *list = json_object_get(leaver, "disabilities");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *code = json_string_value(json_array_get(list, i));
        char text[LINE_SIZE];

        titled(output, i == 0 ? "disability" : "",
            in_words(CODES_DISABILITY, code == NULL ? "" : code, text));
    }
}

/* "2025/26: 346 of 356 sessions, 8 absent with leave, 2 without (School)" */
static void attendance(struct output *output, const json_t *leaver)
{
    const json_t *list = json_object_get(leaver, "attendance");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        const long long year = said_number(one, "year");
        char text[LINE_SIZE];

        snprintf(text, sizeof text,
            "%lld/%02lld: %lld of %lld half days; away with leave %lld, "
            "without %lld",
            year, (year + 1) % 100, (long long)said_number(one, "attended"),
            (long long)said_number(one, "possible"),
            (long long)said_number(one, "authorised"),
            (long long)said_number(one, "unauthorised"));
        titled(output, i == 0 ? "attendance" : "", text);
    }
}

/* The few of the assessment codes that are shown in words (ctf/README 1.4);
 * any other is shown as it came. */
static const char *assessed(const json_t *one)
{
    static const struct {
        const char *component, *words;
    } known[] = {
        {"REA", "reading"},
        {"WRI", "writing"},
        {"GPS", "grammar and spelling"},
        {"MAT", "mathematics"},
        {"SCI", "science"},
        {"MTC", "multiplication check"},
        {"PHO", "phonics"},
    };
    const char *component = said_text(one, "component");

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].component, component) == 0)
            return known[i].words;
    return component[0] == '\0' ? said_text(one, "subject") : component;
}

static void results(struct output *output, const json_t *leaver)
{
    const json_t *list = json_object_get(leaver, "results");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        const char *method = said_text(one, "method");
        char text[LINE_SIZE];

        snprintf(text, sizeof text, "%s %s  %s: %s%s", said_text(one, "year"),
            said_text(one, "stage"), assessed(one), said_text(one, "result"),
            strcmp(method, "TA") == 0   ? ", by the teacher"
            : strcmp(method, "TT") == 0 ? ", in a test"
                                        : "");
        titled(output, i == 0 ? "results" : "", text);
    }
}

static void schools(struct output *output, const json_t *leaver)
{
    const json_t *list = json_object_get(leaver, "schools");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        const char *laestab = said_text(one, "laestab");
        char entry[SAID_DATE_SIZE], leaving[SAID_DATE_SIZE];
        char text[LINE_SIZE];

        said_date(one, "entry", entry);
        said_date(one, "leaving", leaving);
        snprintf(text, sizeof text, "%s%s%s%s%s%s%s%s", said_text(one, "name"),
            laestab[0] == '\0' ? "" : " (", laestab,
            laestab[0] == '\0' ? "" : ")", entry[0] == '\0' ? "" : ", from ",
            entry, leaving[0] == '\0' ? "" : " to ", leaving);
        titled(output, i == 0 ? "schools" : "", text);
    }
}

void render_details_leaver(struct output *output, const json_t *leaver)
{
    names(output, leaver);
    dated(output, leaver, "born", "dob");
    coded(output, leaver, "sex", "sex", CODES_SEX);
    titled(output, "year group", said_text(leaver, "nc_year"));
    dated(output, leaver, "starts on", "entry_date");
    titled(output, "strengths", said_text(leaver, "strengths"));
    coded(output, leaver, "support", "sen_provision", CODES_SEN_PROVISION);
    disabilities(output, leaver);
    stated(output, leaver, "medical note", "medical_flag");
    stated(output, leaver, "in care", "in_care");
    stated(output, leaver, "free school meals", "fsm");
    coded(
        output, leaver, "service family", "service_child", CODES_SERVICE_CHILD);
    coded(output, leaver, "ethnicity", "ethnicity", CODES_ETHNICITY);
    address(output, leaver);
    attendance(output, leaver);
    results(output, leaver);
    schools(output, leaver);
}
