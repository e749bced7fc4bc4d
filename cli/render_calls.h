/* render_calls - the call list, the next family, and who a number is. */
#ifndef CLI_RENDER_CALLS_H
#define CLI_RENDER_CALLS_H

#include <jansson.h>

struct call;
struct output;

void render_calls_list(struct call *call, const json_t *result);
void render_calls_next(struct call *call, const json_t *result);
void render_calls_found(struct call *call, const json_t *result);

/** "blocked: ...": how many cannot be called now, and why. */
void render_calls_blocked(struct output *output, const json_t *blocked);

#endif
