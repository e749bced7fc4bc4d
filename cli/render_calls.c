#include "cli/render_calls.h"

#include <string.h>

#include "cli/call.h"
#include "cli/grid.h"
#include "cli/plain.h"
#include "cli/render_family.h"
#include "cli/said.h"

/* The member of array whose n is number; NULL if there is none. */
static const json_t *numbered(const json_t *array, json_int_t number)
{
    for (size_t i = 0; i < json_array_size(array); i++)
        if (said_number(json_array_get(array, i), "n") == number)
            return json_array_get(array, i);
    return NULL;
}

/* Whom to ring: as suggested, else the first contact. */
static const json_t *whom(const json_t *family)
{
    const json_t *contacts = json_object_get(family, "contacts");
    const json_t *suggested = numbered(
        contacts, said_number(json_object_get(family, "suggest"), "contact"));

    return suggested != NULL ? suggested : json_array_get(contacts, 0);
}

static const json_t *which(const json_t *family)
{
    const json_t *points = json_object_get(whom(family), "points");
    const json_t *suggested = numbered(
        points, said_number(json_object_get(family, "suggest"), "point"));

    return suggested != NULL ? suggested : json_array_get(points, 0);
}

static const struct grid_column call_columns[] = {
    {"case", NULL, GRID_RIGHT},
    {"state", NULL, GRID_CSV},
    {"deadline", NULL, GRID_CSV},
    {"pupil", NULL, GRID_CUT | GRID_TEXT},
    {"surname", NULL, GRID_CSV},
    {"forename", NULL, GRID_CSV},
    {"upn", NULL, GRID_CSV},
    {"from", NULL, 0},
    {"needs", NULL, GRID_CSV},
    {"ask for", "contact", GRID_CUT},
    {"relationship", NULL, GRID_CSV},
    {"language", NULL, GRID_CSV},
    {"ring", "number", 0},
    {"when", NULL, 0},
    {"tries", NULL, GRID_RIGHT},
    {"why", NULL, GRID_CSV},
};
#define CALL_COLUMNS (sizeof call_columns / sizeof call_columns[0])

static void contact_cells(struct grid *grid, const json_t *family, bool wanted)
{
    const json_t *contact = wanted ? whom(family) : NULL;
    const json_t *suggest = wanted ? json_object_get(family, "suggest") : NULL;
    char value[RENDER_FAMILY_TEXT];

    grid_cell(grid, "%s", said_text(contact, "name"));
    grid_cell(grid, "%s", said_text(contact, "relationship"));
    grid_cell(grid, "%s", said_text(contact, "language"));
    grid_cell(
        grid, "%s", wanted ? render_family_point(which(family), value) : "");
    grid_cell(grid, "%s", plain_band(said_text(suggest, "band")));
    if (wanted)
        grid_cell(grid, "%lld", (long long)said_number(family, "tries"));
    else
        grid_cell(grid, "%s", "");
    grid_cell(grid, "%s", said_text(suggest, "why"));
}

/* One row a pupil; on the screen brothers and sisters stand below the first. */
static void family_rows(
    struct grid *grid, const json_t *family, enum output_form form)
{
    const json_t *pupils = json_object_get(family, "pupils");

    for (size_t i = 0; i < json_array_size(pupils); i++) {
        const json_t *pupil = json_array_get(pupils, i);
        const bool wanted = i == 0 || form == OUTPUT_CSV;
        char name[SAID_NAME_SIZE];
        char needs[SAID_NAME_SIZE];

        grid_cell(grid, "%s", wanted ? said_text(family, "case") : "");
        grid_cell(grid, "%s", said_text(family, "state"));
        grid_cell(grid, "%s", said_text(family, "deadline"));
        grid_cell(grid, "%s", said_list_name(pupil, name));
        grid_cell(grid, "%s", said_text(pupil, "surname"));
        grid_cell(grid, "%s", said_text(pupil, "forename"));
        grid_cell(grid, "%s", said_text(pupil, "upn"));
        grid_cell(grid, "%s", said_text(pupil, "from"));
        grid_cell(grid, "%s", said_joined(pupil, "needs", "type", needs));
        contact_cells(grid, family, wanted);
    }
}

static json_t *mutable(const json_t *object)
{
    return (json_t *)(uintptr_t)object; /* the iteration changes nothing */
}

static void blocked_line(struct output *output, const json_t *blocked)
{
    char line[600] = "";
    char words[PLAIN_SIZE];
    size_t used = 0;
    const char *key;
    json_t *value;

    json_object_foreach(mutable(blocked), key, value)
    {
        if (json_integer_value(value) == 0)
            continue;
        const int len = snprintf(line + used, sizeof line - used, "%s%lld %s",
            used == 0 ? "" : " · ", (long long)json_integer_value(value),
            plain_blocked(key, words));

        if (len < 0 || (size_t)len >= sizeof line - used)
            break;
        used += (size_t)len;
    }
    output_wrap(output, "blocked: ", used == 0 ? "nobody" : line);
}

static void reasons(struct output *output, const json_t *calls)
{
    output_gap(output);
    for (size_t i = 0; i < json_array_size(calls); i++) {
        const json_t *family = json_array_get(calls, i);
        char first[32];

        snprintf(first, sizeof first, "case %s  ", said_text(family, "case"));
        output_wrap(output, first,
            said_text(json_object_get(family, "suggest"), "why"));
    }
}

static void render_text(
    struct call *call, const struct grid *grid, const json_t *result)
{
    const json_t *calls = json_object_get(result, "calls");
    struct output *output = call->output;
    char count[PLAIN_SIZE];

    if (json_array_size(calls) == 0)
        output_line(output, OUTPUT_PLAIN, "Nobody to call now.");
    else {
        output_line(output, OUTPUT_PLAIN, "%s, in this order:",
            plain_count((long long)json_array_size(calls), "family", "families",
                count));
        output_gap(output);
        grid_print(grid, output);
        if (call_flag(call, "why"))
            reasons(output, calls);
    }
    output_gap(output);
    blocked_line(output, json_object_get(result, "blocked"));
    if (json_array_size(calls) > 0) {
        char next[PLAIN_SIZE];

        snprintf(next, sizeof next, "moveup card %.40s",
            said_text(json_array_get(calls, 0), "case"));
        output_next(output, next);
    }
}

void render_calls_list(struct call *call, const json_t *result)
{
    const json_t *calls = json_object_get(result, "calls");
    SCOPED(grid_freep) struct grid *grid = grid_new(call_columns, CALL_COLUMNS);

    for (size_t i = 0; i < json_array_size(calls); i++)
        family_rows(grid, json_array_get(calls, i), call->output->form);
    if (call->output->form == OUTPUT_CSV)
        grid_print(grid, call->output);
    else
        render_text(call, grid, result);
}

/* The card */

#define LABEL "%-10s "

static void labelled(struct output *output, const char *label, const char *text)
{
    char first[32];

    if (text[0] == '\0')
        return;
    snprintf(first, sizeof first, LABEL, label);
    output_wrap(output, first, text);
}

static const char *school_name(const json_t *from, const char *laestab)
{
    for (size_t i = 0; i < json_array_size(from); i++) {
        const json_t *school = json_array_get(from, i);

        if (strcmp(said_text(school, "laestab"), laestab) == 0 &&
            said_text(school, "name")[0] != '\0')
            return said_text(school, "name");
    }
    return laestab;
}

static void card_pupils(struct output *output, const json_t *family)
{
    const json_t *pupils = json_object_get(family, "pupils");
    char label[24];

    snprintf(label, sizeof label, "CASE %s", said_text(family, "case"));
    for (size_t i = 0; i < json_array_size(pupils); i++) {
        const json_t *pupil = json_array_get(pupils, i);

        output_line(output, OUTPUT_HEADING, LABEL "%s %s, from %s",
            i == 0 ? label : "", said_text(pupil, "forename"),
            said_text(pupil, "surname"),
            school_name(
                json_object_get(family, "from"), said_text(pupil, "from")));
        output_line(
            output, OUTPUT_PLAIN, LABEL "UPN %s", "", said_text(pupil, "upn"));
    }
}

/* What a caller must know before dialling. */
static const struct {
    const char *key;
    bool when;
    const char *text;
} limits[] = {
    {"voicemail_ok", false, "leave no voicemail"},
    {"text_ok", false, "send no text message"},
    {"number_withheld", true, "one number is withheld"},
};

static void card_contact(struct output *output, const json_t *contact)
{
    const json_t *points = json_object_get(contact, "points");
    char person[RENDER_FAMILY_TEXT];
    char numbered_person[RENDER_FAMILY_TEXT + 8];

    snprintf(numbered_person, sizeof numbered_person, "%lld  %s",
        (long long)said_number(contact, "n"),
        render_family_person(contact, person));
    labelled(output, "ASK FOR", numbered_person);
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        if (json_is_boolean(json_object_get(contact, limits[i].key)) &&
            said_is_true(contact, limits[i].key) == limits[i].when)
            output_line(output, OUTPUT_WARN, LABEL "   %s", "", limits[i].text);
    for (size_t i = 0; i < json_array_size(points); i++) {
        const json_t *point = json_array_get(points, i);
        const char *status = said_text(point, "status");
        char value[RENDER_FAMILY_TEXT];

        output_line(output, OUTPUT_PLAIN, LABEL "   %lld  %-20s %s%s%s",
            i == 0 ? "RING" : "", (long long)said_number(point, "n"),
            render_family_point(point, value), said_text(point, "kind"),
            status[0] == '\0' ? "" : ", ", status);
    }
    if (json_array_size(points) == 0)
        output_line(output, OUTPUT_WARN, LABEL "   no usable number", "RING");
}

static void card_suggestion(struct output *output, const json_t *family)
{
    const json_t *suggest = json_object_get(family, "suggest");
    char text[RENDER_FAMILY_TEXT * 2];
    char value[RENDER_FAMILY_TEXT];

    if (!json_is_object(suggest) || which(family) == NULL)
        return;
    snprintf(text, sizeof text, "%s on %s, %s%s%s",
        said_text(whom(family), "name"),
        render_family_point(which(family), value),
        plain_band(said_text(suggest, "band")),
        said_text(suggest, "why")[0] == '\0' ? "" : ": ",
        said_text(suggest, "why"));
    labelled(output, "NOW", text);
}

static void card_lines(
    struct output *output, const char *label, const json_t *lines)
{
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i);

        labelled(output, i == 0 ? label : "",
            json_is_string(line) ? json_string_value(line)
                                 : said_text(line, "text"));
    }
}

void render_calls_card(struct call *call, const json_t *result)
{
    const json_t *family = json_object_get(result, "case");
    const json_t *contacts = json_object_get(family, "contacts");
    struct output *output = call->output;
    char deadline[SAID_DATE_SIZE];
    char text[PLAIN_SIZE];

    card_pupils(output, family);
    for (size_t i = 0; i < json_array_size(contacts); i++)
        card_contact(output, json_array_get(contacts, i));
    if (json_array_size(contacts) == 0)
        labelled(output, "ASK FOR",
            "nobody may be rung: ask your "
            "safeguarding lead");
    card_suggestion(output, family);
    card_lines(output, "WARNING", json_object_get(family, "warnings"));
    labelled(output, "SAY FIRST", said_text(family, "say_first"));
    labelled(output, "SUPPORT", said_text(family, "support"));
    card_lines(output, "BEFORE", json_object_get(family, "before"));
    said_date(family, "deadline", deadline);
    snprintf(text, sizeof text, "%s%s%lld tries so far", deadline,
        deadline[0] == '\0' ? "" : ", ",
        (long long)said_number(family, "tries"));
    labelled(output, "SPEAK BY", text);
}
