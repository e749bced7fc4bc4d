/* render_family - people to ring, in order, with their numbers. */
#ifndef CLI_RENDER_FAMILY_H
#define CLI_RENDER_FAMILY_H

#include <jansson.h>
#include <stddef.h>

struct output;

#define RENDER_FAMILY_TEXT ((size_t)256)

/** "Ada Okoro (mother, has parental responsibility), Somali, interpreter" */
const char *render_family_person(
    const json_t *contact, char text[RENDER_FAMILY_TEXT]);

/** "07700 900118" of a number, an e-mail as it is. */
const char *render_family_point(
    const json_t *point, char text[RENDER_FAMILY_TEXT]);

/** Whom of a family to ring: as suggested, else the first; NULL if nobody. */
const json_t *render_family_whom(const json_t *family);
/** By which of that person's numbers; NULL if there is none. */
const json_t *render_family_which(const json_t *family);

/** The primary's view: every contact with its number for --contact, order,
 * points, and whether it is restricted or left out of the newest file. */
void render_family_contacts(struct output *output, const json_t *contacts);

#endif
