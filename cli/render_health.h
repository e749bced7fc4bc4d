/* render_health - the health of the cluster as text: the first line is for
 * monitoring, the rest for people. */
#ifndef CLI_RENDER_HEALTH_H
#define CLI_RENDER_HEALTH_H

#include <jansson.h>

struct call;

/** {"text"}: why nothing is known. */
void render_health_unknown(struct call *call, const json_t *result);

void render_health_screen(struct call *call, const json_t *result);

#endif
