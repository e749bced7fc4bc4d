/* render_record - any object of a result, readable without knowing it. */
#ifndef CLI_RENDER_RECORD_H
#define CLI_RENDER_RECORD_H

#include <jansson.h>

struct call;
struct output;

/** {"leaver":{...}}: the pupil, the family, and all else that is recorded. */
void render_record_leaver(struct call *call, const json_t *result);

/** An object as "name  value" lines, what it holds indented below. */
void render_record_object(struct output *output, const json_t *object);

#endif
