/* render_leavers - how the primary school's results look to people. */
#ifndef CLI_RENDER_LEAVERS_H
#define CLI_RENDER_LEAVERS_H

#include <jansson.h>

struct call;

void render_leavers_list(struct call *call, const json_t *result);
void render_leavers_send(struct call *call, const json_t *result);

#endif
