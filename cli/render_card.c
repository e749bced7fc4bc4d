#include "cli/render_card.h"

#include <stdio.h>
#include <string.h>

#include "cli/call.h"
#include "cli/plain.h"
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
        if (i + 1 < json_array_size(pupils))
            continue;
        if (json_is_object(json_object_get(family, "lease")))
            output_line(output, OUTPUT_GOOD, LABEL "with %s for 30 minutes", "",
                said_text(json_object_get(family, "lease"), "by"));
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
    for (size_t i = 0; i < json_array_size(contacts); i++)
        card_contact(output, json_array_get(contacts, i));
    if (json_array_size(contacts) == 0)
        render_card_line(output, "ASK FOR",
            "nobody may be rung: ask your "
            "safeguarding lead");
    render_card_suggestion(output, family);
    render_card_lines(output, "WARNING", json_object_get(family, "warnings"));
    render_card_line(output, "SAY FIRST", said_text(family, "say_first"));
    render_card_line(output, "SUPPORT", said_text(family, "support"));
    render_card_line(output, "COVER", said_joined(family, "to_do", "", to_do));
    render_card_lines(
        output, "IN THE WAY", json_object_get(family, "barriers"));
    render_card_lines(output, "BEFORE", json_object_get(family, "before"));
    said_date(family, "deadline", deadline);
    snprintf(text, sizeof text, "%s%s%lld %s so far", deadline,
        deadline[0] == '\0' ? "" : ", ", (long long)tries,
        tries == 1 ? "try" : "tries");
    render_card_line(output, "SPEAK BY", text);
    snprintf(text, sizeof text, "moveup log %.40s no-answer, or spoke, ...",
        said_text(family, "case"));
    output_next(output, text);
}
