#include "cli/render_record.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cli/call.h"
#include "cli/plain.h"
#include "cli/render_details.h"
#include "cli/render_family.h"
#include "cli/said.h"
#include "record/codes.h"

#define NAME_WIDTH 22
#define MAX_NESTING 8
#define TITLE_GAP "                       "

static json_t *mutable(const json_t *object)
{
    return (json_t *)(uintptr_t)object; /* the iteration changes nothing */
}

/* Nothing to say: null, "", [] and {}. */
static bool is_silent(const json_t *value)
{
    return json_is_null(value) ||
           (json_is_string(value) && json_string_length(value) == 0) ||
           (json_is_array(value) && json_array_size(value) == 0) ||
           (json_is_object(value) && json_object_size(value) == 0);
}

static const char *scalar(const json_t *value, char text[32])
{
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_integer(value))
        snprintf(text, 32, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        snprintf(text, 32, "%g", json_real_value(value));
    else
        snprintf(text, 32, "%s", json_is_true(value) ? "yes" : "no");
    return text;
}

/* An object of plain values on one line: "2025 8732001 180 of 190". */
static void flat_line(struct output *output, int indent, const json_t *object)
{
    char first[MAX_NESTING * 2 + 4];
    char line[1024] = "";
    char text[32];
    char words[PLAIN_SIZE];
    size_t used = 0;
    const char *key;
    json_t *value;

    json_object_foreach(mutable(object), key, value)
    {
        int len;

        if (is_silent(value) || json_is_array(value) || json_is_object(value))
            continue;
        len = snprintf(line + used, sizeof line - used, "%s%s %s",
            used == 0 ? "" : " · ", plain_code(key, words),
            scalar(value, text));
        if (len < 0 || (size_t)len >= sizeof line - used)
            break;
        used += (size_t)len;
    }
    snprintf(first, sizeof first, "%*s", indent * 2, "");
    output_wrap(output, first, line);
}

static void object_lines(
    struct output *output, int indent, const json_t *object);

static void array_lines(struct output *output, int indent, const json_t *array)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *item = json_array_get(array, i);
        char text[32];

        if (json_is_object(item))
            flat_line(output, indent, item);
        else if (!json_is_array(item))
            output_line(output, OUTPUT_PLAIN, "%*s%s", indent * 2, "",
                scalar(item, text));
    }
}

static void member(
    struct output *output, int indent, const char *key, const json_t *value)
{
    char words[PLAIN_SIZE];
    char first[MAX_NESTING * 2 + PLAIN_SIZE + NAME_WIDTH];
    char text[32];

    if (is_silent(value) || indent >= MAX_NESTING)
        return;
    plain_code(key, words);
    if (json_is_array(value)) {
        output_line(output, OUTPUT_PLAIN, "%*s%s", indent * 2, "", words);
        array_lines(output, indent + 1, value);
    } else if (json_is_object(value)) {
        output_line(output, OUTPUT_PLAIN, "%*s%s", indent * 2, "", words);
        object_lines(output, indent + 1, value);
    } else {
        snprintf(
            first, sizeof first, "%*s%-*s ", indent * 2, "", NAME_WIDTH, words);
        output_wrap(output, first, scalar(value, text));
    }
}

static void object_lines(
    struct output *output, int indent, const json_t *object)
{
    const char *key;
    json_t *value;

    json_object_foreach(mutable(object), key, value)
        member(output, indent, key, value);
}

void render_record_object(struct output *output, const json_t *object)
{
    object_lines(output, 0, object);
}

static void in_words(struct output *output, const char *title,
    enum code_set set, const json_t *array, const char *field)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        const char *code = said_text(json_array_get(array, i), field);

        output_line(output, OUTPUT_PLAIN, "%-*s %s  %s", NAME_WIDTH,
            i == 0 ? title : "", code, codes_describe(set, code));
    }
}

/* Who was asked to destroy the record, and whether it has. */
static void recalls(struct output *output, const json_t *leaver)
{
    const json_t *list = json_object_get(leaver, "recalls");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        const bool sent = said_is_true(one, "sent");
        char date[SAID_DATE_SIZE];

        output_line(output, OUTPUT_PLAIN, "%-*s %s (%s), %s%s", NAME_WIDTH,
            "recalled from", said_text(one, "name"), said_text(one, "school"),
            said_text(one, "confirmed_at")[0] != '\0' ? "destroyed there on "
            : sent                                    ? "not confirmed yet"
                   : "which cannot be reached: ask it by telephone",
            said_date(one, "confirmed_at", date));
    }
}

/* "SENCO: contacts, support; head of year: contacts" */
static void used_line(struct output *output, const json_t *leaver)
{
    const json_t *used = json_object_get(leaver, "used");
    SCOPED(mem_freep) char *line = mem_text("");

    for (size_t i = 0; i < json_array_size(used); i++) {
        const json_t *one = json_array_get(used, i);
        char role[PLAIN_SIZE];
        char parts[SAID_NAME_SIZE];
        char *longer = mem_format("%s%s%s: %s", line, i == 0 ? "" : "; ",
            plain_code(said_text(one, "role"), role),
            said_joined(one, "sections", "", parts));

        mem_freep(&line);
        line = longer;
    }
    if (line[0] != '\0')
        output_wrap(output, "opened by              ", line);
}

/* What the secondary has told of its first contact with the family. */
static void contact_lines(struct output *output, const json_t *leaver)
{
    const char *family = said_text(leaver, "family");
    char words[PLAIN_SIZE];
    char date[SAID_DATE_SIZE];

    if (family[0] != '\0' && strcmp(family, "none") != 0)
        output_line(output, OUTPUT_PLAIN, "%-*s %s %s", NAME_WIDTH, "family",
            plain_code(family, words), said_date(leaver, "family_day", date));
    if (said_text(leaver, "tutor")[0] != '\0')
        output_line(output, OUTPUT_PLAIN, "%-*s %s", NAME_WIDTH, "tutor",
            said_text(leaver, "tutor"));
    used_line(output, leaver);
}

static void restrictions(struct output *output, const json_t *leaver)
{
    const json_t *list = json_object_get(leaver, "restrictions");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        const long long contact = said_number(one, "contact");
        char kind[PLAIN_SIZE], basis[PLAIN_SIZE], state[PLAIN_SIZE];
        char id[SAID_ID_SIZE], from[SAID_DATE_SIZE];
        char whom[40] = "the whole pupil";
        SCOPED(mem_freep) char *line = NULL;

        if (contact != 0)
            snprintf(whom, sizeof whom, "contact %lld", contact);
        said_date(one, "from", from);
        line = mem_format("%s: %s, %s%s%s; %s, %s", whom,
            plain_code(said_text(one, "kind"), kind),
            plain_code(said_text(one, "basis"), basis),
            from[0] == '\0' ? "" : ", since ", from,
            plain_code(said_text(one, "state"), state), said_id(one, "id", id));
        output_wrap(
            output, i == 0 ? "restricted             " : TITLE_GAP, line);
        if (said_text(one, "note")[0] != '\0')
            output_wrap(output, TITLE_GAP "note: ", said_text(one, "note"));
    }
}

static void record_next(struct output *output, const json_t *leaver)
{
    const char *upn = said_text(leaver, "upn");
    const char *state = said_text(leaver, "state");
    SCOPED(mem_freep)
    char *next =
        strcmp(state, "ready") == 0
            ? mem_format("send it: moveup leavers send %s", upn)
        : strcmp(state, "draft") == 0 || strcmp(state, "recalled") == 0
            ? mem_format("say where the child goes: moveup dest set %s --to "
                         "LAESTAB",
                  upn)
            : mem_format("if the child goes elsewhere: moveup dest set %s --to "
                         "LAESTAB; else nothing: a newer file sends what has "
                         "changed",
                  upn);

    output_next(output, next);
}

void render_record_leaver(struct call *call, const json_t *result)
{
    const json_t *leaver = json_object_get(result, "leaver");
    struct output *output = call->output;

    output_line(output, OUTPUT_HEADING, "%s %s   %s",
        said_text(leaver, "forename"), said_text(leaver, "surname"),
        said_text(leaver, "upn"));
    output_line(output, OUTPUT_PLAIN, "%-*s %s", NAME_WIDTH, "going to",
        said_text(leaver, "to")[0] == '\0' ? "not known"
                                           : said_text(leaver, "to"));
    output_line(output, OUTPUT_PLAIN, "%-*s %s, revision %lld", NAME_WIDTH,
        "state", said_text(leaver, "state"),
        (long long)said_number(leaver, "revision"));
    recalls(output, leaver);
    contact_lines(output, leaver);
    in_words(output, "language", CODES_LANGUAGE,
        json_object_get(leaver, "languages"), "code");
    in_words(output, "need", CODES_SEN_TYPE, json_object_get(leaver, "needs"),
        "type");
    restrictions(output, leaver);
    output_gap(output);
    render_family_contacts(output, json_object_get(leaver, "contacts"));
    output_gap(output);
    render_details_leaver(output, leaver);
    output_gap(output);
    record_next(output, leaver);
}
