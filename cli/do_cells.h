/* do_cells - `moveup cluster coverage`: how far first contact has come at each
 * school, with groups as the schools themselves let them out. */
#ifndef CLI_DO_CELLS_H
#define CLI_DO_CELLS_H

#include <jansson.h>

struct call;
struct survey;

int do_cells_show(struct call *call);

/** The document that --json prints. */
json_t *do_cells_json(const struct survey *survey);

#endif
