/* render_calls - the call list and one family's card. */
#ifndef CLI_RENDER_CALLS_H
#define CLI_RENDER_CALLS_H

#include <jansson.h>

struct call;

void render_calls_list(struct call *call, const json_t *result);
void render_calls_card(struct call *call, const json_t *result);

#endif
