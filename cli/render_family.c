#include "cli/render_family.h"

#include <stdio.h>
#include <string.h>

#include "cli/output.h"
#include "cli/plain.h"
#include "cli/said.h"
#include "record/codes.h"

const char *render_family_point(
    const json_t *point, char text[RENDER_FAMILY_TEXT])
{
    const char *value = said_text(point, "value");
    char phone[PLAIN_SIZE];

    if (value[0] == '\0')
        value = said_text(point, "raw");
    snprintf(text, RENDER_FAMILY_TEXT, "%s",
        value[0] == '+' ? plain_phone(value, phone) : value);
    return text;
}

static const char *responsibility(const json_t *contact)
{
    const char *stated = said_text(contact, "parental_responsibility");

    return strcmp(stated, "yes") == 0  ? ", has parental responsibility"
           : strcmp(stated, "no") == 0 ? ", no parental responsibility"
                                       : "";
}

/* English and nothing said are not worth a word; no guess is made. */
static const char *speech(const json_t *contact, char *text, size_t size)
{
    const char *language = said_text(contact, "language");
    const char *interpreter = said_text(contact, "interpreter");
    const bool other = language[0] != '\0' && strcmp(language, "ENG") != 0;

    snprintf(text, size, "%s%s%s", other ? ", speaks " : "",
        other ? codes_describe(CODES_LANGUAGE, language) : "",
        strcmp(interpreter, "spoken") == 0 ? ", needs an interpreter"
        : strcmp(interpreter, "bsl") == 0  ? ", needs a BSL interpreter"
                                           : "");
    return text;
}

const char *render_family_person(
    const json_t *contact, char text[RENDER_FAMILY_TEXT])
{
    char relationship[PLAIN_SIZE];
    char spoken[PLAIN_SIZE];

    snprintf(text, RENDER_FAMILY_TEXT, "%s (%s%s)%s",
        said_text(contact, "name"),
        plain_relationship(said_text(contact, "relationship"), relationship),
        responsibility(contact), speech(contact, spoken, sizeof spoken));
    return text;
}

/* The member of array whose n is number; NULL if there is none. */
static const json_t *numbered(const json_t *array, json_int_t number)
{
    for (size_t i = 0; i < json_array_size(array); i++)
        if (said_number(json_array_get(array, i), "n") == number)
            return json_array_get(array, i);
    return NULL;
}

/* Whom to ring: as suggested, else the first contact. */
const json_t *render_family_whom(const json_t *family)
{
    const json_t *contacts = json_object_get(family, "contacts");
    const json_t *suggested = numbered(
        contacts, said_number(json_object_get(family, "suggest"), "contact"));

    return suggested != NULL ? suggested : json_array_get(contacts, 0);
}

const json_t *render_family_which(const json_t *family)
{
    const json_t *points =
        json_object_get(render_family_whom(family), "points");
    const json_t *suggested = numbered(
        points, said_number(json_object_get(family, "suggest"), "point"));

    return suggested != NULL ? suggested : json_array_get(points, 0);
}

static void point_line(struct output *output, const json_t *point)
{
    char value[RENDER_FAMILY_TEXT];
    const char *status = said_text(point, "status");

    output_line(output, OUTPUT_PLAIN, "      %lld  %-9s  %s%s%s",
        (long long)said_number(point, "n"), said_text(point, "kind"),
        render_family_point(point, value),
        status[0] == '\0' || strcmp(status, "unverified") == 0 ? "" : ", ",
        strcmp(status, "unverified") == 0 ? "" : status);
}

void render_family_contacts(struct output *output, const json_t *contacts)
{
    output_line(output, OUTPUT_HEADING, "Contacts, in the order to ring them");
    for (size_t i = 0; i < json_array_size(contacts); i++) {
        const json_t *contact = json_array_get(contacts, i);
        const json_t *points = json_object_get(contact, "points");
        char person[RENDER_FAMILY_TEXT];
        char first[16];

        snprintf(first, sizeof first, "%3lld  ",
            (long long)said_number(contact, "n"));
        output_wrap(output, first, render_family_person(contact, person));
        if (said_is_true(contact, "restricted"))
            output_line(output, OUTPUT_BAD,
                "     RESTRICTED: shown to nobody at the secondary");
        if (strcmp(said_text(contact, "court_order"), "yes") == 0)
            output_line(output, OUTPUT_BAD,
                "     COURT ORDER on file: read it before anybody rings");
        if (said_is_true(contact, "left_out"))
            output_line(output, OUTPUT_WARN,
                "     not in the newest file; was in an older one");
        for (size_t j = 0; j < json_array_size(points); j++)
            point_line(output, json_array_get(points, j));
        if (json_array_size(points) == 0)
            output_line(output, OUTPUT_WARN, "      no number, no e-mail");
    }
    if (json_array_size(contacts) == 0)
        output_line(output, OUTPUT_WARN, "  none");
}
