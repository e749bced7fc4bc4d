/* render_details - what a record says beside people and numbers, in words:
 * `moveup leavers show` below the contacts. */
#ifndef CLI_RENDER_DETAILS_H
#define CLI_RENDER_DETAILS_H

#include <jansson.h>

struct output;

/** Names in use, dates, support, address, attendance, results, schools.  What
 * is not stated is not shown. */
void render_details_leaver(struct output *output, const json_t *leaver);

#endif
