#include "cli/render_card.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cli/call.h"
#include "cli/plain.h"
#include "cli/render_extras.h"
#include "cli/render_family.h"
#include "cli/said.h"

#define LABEL "%-10s "

void render_card_line(
    struct output *output, const char *label, const char *text)
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

static void pupil_line(struct output *output, const char *label,
    const json_t *pupil, const char *school)
{
    const char *say = said_text(pupil, "say_name");
    char line[SAID_NAME_SIZE * 3];

    snprintf(line, sizeof line, "%s %s%s%s%s, from %s",
        said_text(pupil, "forename"), said_text(pupil, "surname"),
        say[0] == '\0' ? "" : " (say ", say, say[0] == '\0' ? "" : ")", school);
    if (strlen(line) + 11 <= output->width)
        output_line(output, OUTPUT_HEADING, LABEL "%s", label, line);
    else
        render_card_line(output, label, line);
}

static void card_pupils(struct output *output, const json_t *family)
{
    const json_t *pupils = json_object_get(family, "pupils");
    char until[SAID_TIME_SIZE];
    char label[24];

    snprintf(label, sizeof label, "CASE %s", said_text(family, "case"));
    for (size_t i = 0; i < json_array_size(pupils); i++) {
        const json_t *pupil = json_array_get(pupils, i);

        pupil_line(output, i == 0 ? label : "", pupil,
            school_name(
                json_object_get(family, "from"), said_text(pupil, "from")));
        output_line(
            output, OUTPUT_PLAIN, LABEL "UPN %s", "", said_text(pupil, "upn"));
        if (i + 1 < json_array_size(pupils))
            continue;
        if (json_is_object(json_object_get(family, "lease")))
            output_line(output, OUTPUT_GOOD, LABEL "with %s until %s", "",
                said_text(json_object_get(family, "lease"), "by"),
                said_time(json_object_get(family, "lease"), "until", until));
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

/* "2 tries morning, afternoon" */
static const char *tries_text(const json_t *point, char text[PLAIN_SIZE])
{
    const json_int_t tries = said_number(point, "tries");
    const json_t *bands = json_object_get(point, "tried");
    size_t used;

    text[0] = '\0';
    if (tries == 0)
        return text;
    used = (size_t)snprintf(text, PLAIN_SIZE, ", %lld %s", (long long)tries,
        tries == 1 ? "try" : "tries");
    for (size_t i = 0; i < json_array_size(bands) && used < PLAIN_SIZE; i++)
        used += (size_t)snprintf(text + used, PLAIN_SIZE - used, "%s%s",
            i == 0 ? " " : ", ",
            plain_band(json_string_value(json_array_get(bands, i))));
    return text;
}

static void card_point(
    struct output *output, const char *label, const json_t *point)
{
    const char *status = said_text(point, "status");
    char value[RENDER_FAMILY_TEXT];
    char tries[PLAIN_SIZE];
    char line[RENDER_FAMILY_TEXT * 2];

    snprintf(line, sizeof line, "   %lld  %-14s %s%s%s%s",
        (long long)said_number(point, "n"), render_family_point(point, value),
        said_text(point, "kind"),
        status[0] == '\0' || strcmp(status, "unverified") == 0 ? "" : ", ",
        strcmp(status, "unverified") == 0 ? "" : status,
        tries_text(point, tries));
    output_line(output, OUTPUT_PLAIN, LABEL "%s", label, line);
    if (said_text(point, "note")[0] != '\0')
        output_line(output, OUTPUT_PLAIN, LABEL "      %s", "",
            said_text(point, "note"));
}

/* "best evening, Saturday; not morning": as they said. */
static void card_times(struct output *output, const json_t *contact)
{
    static const char *const keys[] = {"good_times", "bad_times"};
    char line[PLAIN_SIZE * 2] = "   ";
    size_t used = 3;

    for (size_t i = 0; i < 2; i++) {
        const json_t *bands = json_object_get(contact, keys[i]);

        for (size_t j = 0; j < json_array_size(bands); j++)
            used += (size_t)snprintf(line + used, sizeof line - used, "%s%s",
                j > 0      ? ", "
                : i == 0   ? "best time: "
                : used > 3 ? "; not: "
                           : "not: ",
                plain_band(json_string_value(json_array_get(bands, j))));
    }
    if (used > 3)
        output_line(output, OUTPUT_PLAIN, LABEL "%s", "", line);
}

static void card_contact(struct output *output, const json_t *contact)
{
    const json_t *points = json_object_get(contact, "points");
    char person[RENDER_FAMILY_TEXT];
    char numbered_person[RENDER_FAMILY_TEXT + 8];
    char about[SAID_NAME_SIZE];

    snprintf(numbered_person, sizeof numbered_person, "%lld  %s",
        (long long)said_number(contact, "n"),
        render_family_person(contact, person));
    render_card_line(output, "ASK FOR", numbered_person);
    if (json_array_size(json_object_get(contact, "about_only")) > 0)
        output_line(output, OUTPUT_WARN, LABEL "   only about %s", "",
            said_joined(contact, "about_only", "", about));
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        if (json_is_boolean(json_object_get(contact, limits[i].key)) &&
            said_is_true(contact, limits[i].key) == limits[i].when)
            output_line(output, OUTPUT_WARN, LABEL "   %s", "", limits[i].text);
    card_times(output, contact);
    for (size_t i = 0; i < json_array_size(points); i++)
        card_point(output, i == 0 ? "RING" : "", json_array_get(points, i));
    if (json_array_size(points) == 0)
        output_line(output, OUTPUT_WARN, LABEL "   no usable number", "RING");
}

void render_card_suggestion(struct output *output, const json_t *family)
{
    const json_t *suggest = json_object_get(family, "suggest");
    char text[RENDER_FAMILY_TEXT * 2];
    char value[RENDER_FAMILY_TEXT];

    if (!json_is_object(suggest) || render_family_which(family) == NULL)
        return;
    snprintf(text, sizeof text, "%s on %s, %s%s%s",
        said_text(render_family_whom(family), "name"),
        render_family_point(render_family_which(family), value),
        plain_band(said_text(suggest, "band")),
        said_text(suggest, "why")[0] == '\0' ? "" : ": ",
        said_text(suggest, "why"));
    render_card_line(output, "NOW", text);
}

/* Where it is not "ring, and log it": who decides, what else reaches them. */
static const struct {
    const char *state;
    const char *before, *after; /* the case's number */
    bool rings;
} steps[] = {
    {"held", "the safeguarding lead decides: moveup review ",
        " go-on --reason TEXT", false},
    {"action-needed",
        "the lead, or the safeguarding lead, decides: moveup review ",
        " DECISION --reason TEXT", false},
    {"declined", "write to them: moveup invite ", " --session NO --print",
        false},
    {"complete", "nothing is left to do in case ", ": moveup next", false},
    {"escalated", "the lead chooses: moveup plan ", " --by home-visit", true},
    {"no-contact-point", "ask the primary school: moveup ask ", " --help-reach",
        true},
    {"", "moveup log ", " no-answer, or spoke, ...", true}, /* any other */
};
#define STEP_COUNT (sizeof steps / sizeof steps[0])

static size_t step_of(const json_t *family)
{
    size_t i = 0;

    while (i + 1 < STEP_COUNT &&
           strcmp(steps[i].state, said_text(family, "state")) != 0)
        i++;
    return i;
}

static void next_step(struct output *output, const json_t *family)
{
    const size_t i = step_of(family);
    SCOPED(mem_freep)
    char *text = mem_format(
        "%s%s%s", steps[i].before, said_text(family, "case"), steps[i].after);

    output_next(output, text);
}

void render_card_plan(
    struct output *output, const char *label, const json_t *plan)
{
    static const char *const keys[] = {"place", "who", "note"};
    SCOPED(mem_freep) char *text = NULL;
    char by[PLAIN_SIZE];
    char when[SAID_TIME_SIZE];

    plain_code(said_text(plan, "by"), by);
    said_time(plan, "when", when);
    text = mem_format("%s%s%s", by, when[0] == '\0' ? "" : ", ", when);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (said_text(plan, keys[i])[0] != '\0') {
            char *longer = mem_format("%s, %s", text, said_text(plan, keys[i]));

            mem_freep(&text);
            text = longer;
        }
    render_card_line(output, label, text);
}

void render_card_lines(
    struct output *output, const char *label, const json_t *lines)
{
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i);

        render_card_line(output, i == 0 ? label : "",
            json_is_string(line) ? json_string_value(line)
                                 : said_text(line, "text"));
    }
}

void render_card_case(struct call *call, const json_t *result)
{
    const json_t *family = json_object_get(result, "case");
    const json_t *contacts = json_object_get(family, "contacts");
    struct output *output = call->output;
    char deadline[SAID_DATE_SIZE];
    char text[PLAIN_SIZE];
    char to_do[SAID_NAME_SIZE];
    const json_int_t tries = said_number(family, "tries");

    card_pupils(output, family);
    render_card_line(output, "SAY FIRST", said_text(family, "say_first"));
    for (size_t i = 0; i < json_array_size(contacts); i++)
        card_contact(output, json_array_get(contacts, i));
    if (json_array_size(contacts) == 0)
        render_card_line(output, "ASK FOR",
            "nobody may be rung: ask your "
            "safeguarding lead");
    if (steps[step_of(family)].rings)
        render_card_suggestion(output, family);
    if (json_is_object(json_object_get(family, "plan")))
        render_card_plan(output, "PLAN", json_object_get(family, "plan"));
    render_card_lines(output, "WARNING", json_object_get(family, "warnings"));
    render_card_line(output, "SUPPORT", said_text(family, "support"));
    render_card_line(output, "COVER", said_joined(family, "to_do", "", to_do));
    render_card_lines(
        output, "IN THE WAY", json_object_get(family, "barriers"));
    render_extras_lines(output, family);
    render_card_lines(output, "BEFORE", json_object_get(family, "before"));
    said_date(family, "deadline", deadline);
    snprintf(text, sizeof text, "%s%s%lld %s so far", deadline,
        deadline[0] == '\0' ? "" : ", ", (long long)tries,
        tries == 1 ? "try" : "tries");
    render_card_line(output, "SPEAK BY", text);
    next_step(output, family);
}
