/* leaver_json - a leaver as JSON for the school that owns it (all of it, with
 * restricted contacts).  The secondary's outputs are in agentd/family.c. */
#ifndef AGENTD_LEAVER_JSON_H
#define AGENTD_LEAVER_JSON_H

#include <jansson.h>

#include "record/leaver.h"

json_t *leaver_json_whole(const struct leaver *leaver);
json_t *leaver_json_restriction(const struct restriction *restriction);

/** "yes", "no" or "unknown". */
const char *leaver_json_stated(enum stated stated);
/** "mobile", "home", ... */
const char *leaver_json_kind(enum point_kind kind);
/** "no", "spoken", "bsl" or "unknown". */
const char *leaver_json_interpreter(enum interpreter interpreter);
/** "Mrs Ada Okoro". */
json_t *leaver_json_name(const struct leaver_contact *contact);

#endif
