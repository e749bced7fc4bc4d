/* render_import - what came of files, and what is missing before sending. */
#ifndef CLI_RENDER_IMPORT_H
#define CLI_RENDER_IMPORT_H

#include <jansson.h>

struct call;

/** `leavers import` */
void render_import_files(struct call *call, const json_t *result);
/** `leavers check` */
void render_import_check(struct call *call, const json_t *result);

#endif
