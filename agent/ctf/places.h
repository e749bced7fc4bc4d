/* places - the field of each element that is simply kept: text or date. */
#ifndef CTF_PLACES_H
#define CTF_PLACES_H

#include "ctf/fields.h"

/** Keep text in its field.  False: the element has none. */
bool places_keep(struct fields *fields, enum paths_node node, const char *text);

#endif
