#include "cli/render_calls.h"

#include <string.h>

#include "base/text.h"
#include "cli/call.h"
#include "cli/grid.h"
#include "cli/plain.h"
#include "cli/render_card.h"
#include "cli/render_family.h"
#include "cli/said.h"

/* How the list shows families to ring, and families that cannot be rung. */
static const struct grid_column call_columns[] = {
    {"case", NULL, GRID_RIGHT},
    {"state", NULL, GRID_CSV},
    {"deadline", NULL, GRID_CSV},
    {"pupil", NULL, GRID_CUT | GRID_TEXT},
    {"surname", NULL, GRID_CSV},
    {"forename", NULL, GRID_CSV},
    {"upn", NULL, GRID_CSV},
    {"school", NULL, GRID_TEXT},
    {"from", NULL, GRID_CSV},
    {"needs", NULL, GRID_CSV},
    {"ask for", "contact", GRID_CUT},
    {"relationship", NULL, GRID_CSV},
    {"language", NULL, GRID_CSV},
    {"ring", "number", 0},
    {"when", NULL, 0},
    {"tries", NULL, GRID_CSV},
    {"why", NULL, GRID_CSV},
};
static const struct grid_column state_columns[] = {
    {"case", NULL, GRID_RIGHT},
    {"pupil", NULL, GRID_CUT},
    {"school", NULL, 0},
    {"ask for", NULL, GRID_CUT},
    {"state", NULL, 0},
};
static const struct grid_column found_columns[] = {
    {"case", NULL, GRID_RIGHT},
    {"pupil", NULL, GRID_CUT},
    {"school", NULL, 0},
    {"parent or carer", NULL, GRID_CUT},
};
#define COUNT(columns) (sizeof columns / sizeof columns[0])
#define SCHOOL_COLUMNS 12

/* "Hillside" from "Hillside Church of England Primary School". */
static const char *short_school(const json_t *pupil, char text[SAID_NAME_SIZE])
{
    static const char *const endings[] = {" Church", " CofE", " C of E", " RC",
        " Catholic", " Community", " Primary", " Junior", " Infant", " School",
        " Academy"};

    snprintf(text, SAID_NAME_SIZE, "%s", said_text(pupil, "from_name"));
    for (size_t i = 0; i < COUNT(endings); i++) {
        char *at = strstr(text, endings[i]);

        if (at != NULL && at != text)
            *at = '\0';
    }
    if (text[0] == '\0')
        return said_text(pupil, "from");
    for (size_t len = strlen(text); text_columns(text) > SCHOOL_COLUMNS;)
        text[--len] = '\0';
    return text;
}

static void contact_cells(struct grid *grid, const json_t *family, bool wanted)
{
    const json_t *contact = wanted ? render_family_whom(family) : NULL;
    const json_t *suggest = wanted ? json_object_get(family, "suggest") : NULL;
    const json_t *point = wanted ? render_family_which(family) : NULL;
    char value[RENDER_FAMILY_TEXT];

    grid_cell(grid, "%s", said_text(contact, "name"));
    grid_cell(grid, "%s", said_text(contact, "relationship"));
    grid_cell(grid, "%s", said_text(contact, "language"));
    grid_cell(grid, "%s", wanted ? render_family_point(point, value) : "");
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
        char school[SAID_NAME_SIZE];
        char needs[SAID_NAME_SIZE];

        grid_cell(grid, "%s", wanted ? said_text(family, "case") : "");
        grid_cell(grid, "%s", said_text(family, "state"));
        grid_cell(grid, "%s", said_text(family, "deadline"));
        grid_cell(grid, "%s", said_list_name(pupil, name));
        grid_cell(grid, "%s", said_text(pupil, "surname"));
        grid_cell(grid, "%s", said_text(pupil, "forename"));
        grid_cell(grid, "%s", said_text(pupil, "upn"));
        grid_cell(grid, "%s", short_school(pupil, school));
        grid_cell(grid, "%s", said_text(pupil, "from"));
        grid_cell(grid, "%s", said_joined(pupil, "needs", "type", needs));
        contact_cells(grid, family, wanted);
    }
}

static void state_rows(struct grid *grid, const json_t *family)
{
    const json_t *pupils = json_object_get(family, "pupils");
    const json_t *contact = render_family_whom(family);

    for (size_t i = 0; i < json_array_size(pupils); i++) {
        const json_t *pupil = json_array_get(pupils, i);
        char name[SAID_NAME_SIZE];
        char school[SAID_NAME_SIZE];

        grid_cell(grid, "%s", i == 0 ? said_text(family, "case") : "");
        grid_cell(grid, "%s", said_list_name(pupil, name));
        grid_cell(grid, "%s", short_school(pupil, school));
        grid_cell(grid, "%s", i == 0 ? said_text(contact, "name") : "");
        grid_cell(grid, "%s", i == 0 ? said_text(family, "state_text") : "");
    }
}

static json_t *mutable(const json_t *object)
{
    return (json_t *)(uintptr_t)object; /* the iteration changes nothing */
}

/* Out of the hours in which families are rung. */
static void opens(struct output *output, const json_t *blocked)
{
    const char *at = said_text(blocked, "opens_at");
    char text[SAID_TIME_SIZE];

    if (at[0] != '\0')
        output_line(output, OUTPUT_WARN,
            "Families are not rung now; the hours begin %s.",
            said_time(blocked, "opens_at", text));
}

void render_calls_blocked(struct output *output, const json_t *blocked)
{
    char line[600] = "";
    char words[PLAIN_SIZE];
    size_t used = 0;
    const char *key;
    json_t *value;

    json_object_foreach(mutable(blocked), key, value)
    {
        if (json_integer_value(value) == 0) /* also the time of opening */
            continue;
        const int len = snprintf(line + used, sizeof line - used, "%s%lld %s",
            used == 0 ? "" : " · ", (long long)json_integer_value(value),
            plain_blocked(key, words));

        if (len < 0 || (size_t)len >= sizeof line - used)
            break;
        used += (size_t)len;
    }
    output_wrap(output, "blocked: ", used == 0 ? "nobody" : line);
    opens(output, blocked);
}

static void reasons(struct output *output, const json_t *calls)
{
    output_gap(output);
    for (size_t i = 0; i < json_array_size(calls); i++) {
        const json_t *family = json_array_get(calls, i);
        char first[32];
        char why[RENDER_FAMILY_TEXT * 2];

        snprintf(first, sizeof first, "case %s  ", said_text(family, "case"));
        snprintf(why, sizeof why, "%s%s%s", said_text(family, "order"),
            said_text(family, "order")[0] == '\0' ? "" : ": ",
            said_text(json_object_get(family, "suggest"), "why"));
        output_wrap(output, first, why);
    }
}

/* A terminal shows the end of what is printed, and who is to be rung first is
 * at the beginning: there, as many as stay in sight. */
static size_t how_many(const struct call *call, const json_t *calls)
{
    const size_t count = json_array_size(calls);
    const size_t height = call->output->height;
    const size_t room = height > 20 ? height - 10 : 10;

    return height == 0 || call->output->form != OUTPUT_TEXT ||
                   call_flag(call, "all") || call_flag(call, "state") ||
                   call_flag(call, "why") || count <= room
               ? count
               : room;
}

static void render_text(
    struct call *call, const struct grid *grid, const json_t *result)
{
    const json_t *calls = json_object_get(result, "calls");
    struct output *output = call->output;
    const bool all = call_flag(call, "all") || call_flag(call, "state");
    const size_t more = json_array_size(calls) - how_many(call, calls);
    char count[PLAIN_SIZE];

    if (json_array_size(calls) == 0)
        output_line(output, OUTPUT_PLAIN, "Nobody to call now.");
    else {
        output_line(output, OUTPUT_PLAIN, all ? "%s:" : "%s, in this order:",
            plain_count((long long)json_array_size(calls), "family", "families",
                count));
        output_gap(output);
        grid_print(grid, output);
        if (more > 0)
            output_line(output, OUTPUT_PLAIN,
                "      ... and %zu more: the same with | less", more);
        if (call_flag(call, "why"))
            reasons(output, calls);
    }
    output_gap(output);
    render_calls_blocked(output, json_object_get(result, "blocked"));
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
    const enum output_form form = call->output->form;
    const bool states = form != OUTPUT_CSV &&
                        (call_flag(call, "all") || call_flag(call, "state"));
    SCOPED(grid_freep)
    struct grid *grid = states ? grid_new(state_columns, COUNT(state_columns))
                               : grid_new(call_columns, COUNT(call_columns));

    for (size_t i = 0; i < how_many(call, calls); i++)
        if (states)
            state_rows(grid, json_array_get(calls, i));
        else
            family_rows(grid, json_array_get(calls, i), form);
    if (form == OUTPUT_CSV)
        grid_print(grid, call->output);
    else
        render_text(call, grid, result);
}

void render_calls_next(struct call *call, const json_t *result)
{
    struct output *output = call->output;

    if (json_is_object(json_object_get(result, "case"))) {
        render_card_case(call, result);
        return;
    }
    output_line(output, OUTPUT_PLAIN, "Nobody to call now.");
    render_calls_blocked(output, json_object_get(result, "blocked"));
    output_next(output, "moveup list --state not-contacted");
}

static void found_row(struct grid *grid, const json_t *found)
{
    const json_t *pupils = json_object_get(found, "pupils");

    for (size_t i = 0; i < json_array_size(pupils); i++) {
        const json_t *pupil = json_array_get(pupils, i);
        char name[SAID_NAME_SIZE];
        char school[SAID_NAME_SIZE];

        grid_cell(grid, "%s", i == 0 ? said_text(found, "case") : "");
        grid_cell(grid, "%s", said_list_name(pupil, name));
        grid_cell(grid, "%s", short_school(pupil, school));
        grid_cell(grid, "%s", i == 0 ? said_text(found, "name") : "");
    }
}

void render_calls_found(struct call *call, const json_t *result)
{
    const json_t *found = json_object_get(result, "found");
    const json_t *told = json_object_get(result, "instructions");
    struct output *output = call->output;
    SCOPED(grid_freep)
    struct grid *grid = grid_new(found_columns, COUNT(found_columns));
    char next[PLAIN_SIZE];

    for (size_t i = 0; i < json_array_size(told); i++)
        output_wrap(
            output, "STOP  ", said_text(json_array_get(told, i), "text"));
    if (json_array_size(found) == 0) {
        output_line(output, OUTPUT_PLAIN, "Nobody is known by that.");
        output_next(output, "give nothing; take a name and ring back on a "
                            "number that is known");
        return;
    }
    for (size_t i = 0; i < json_array_size(found); i++)
        found_row(grid, json_array_get(found, i));
    grid_print(grid, output);
    /* by the name of a child: the card shows with whom one may speak */
    snprintf(next, sizeof next,
        said_number(json_array_get(found, 0), "contact") == 0
            ? "moveup card %.20s"
            : "moveup log %.20s spoke --inbound",
        said_text(json_array_get(found, 0), "case"));
    output_next(output, next);
}
