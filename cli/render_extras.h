/* render_extras - on a card: siblings, tutors, invitations, what is owed and
 * what was asked. */
#ifndef CLI_RENDER_EXTRAS_H
#define CLI_RENDER_EXTRAS_H

#include <jansson.h>

struct output;

void render_extras_lines(struct output *output, const json_t *family);

#endif
