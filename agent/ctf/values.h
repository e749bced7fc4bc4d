/* values - the text of one CTF element into its field; see fields.h. */
#ifndef CTF_VALUES_H
#define CTF_VALUES_H

#include "ctf/fields.h"

/** text is trimmed and clean, and copied if it is kept. */
void values_take(struct fields *fields, enum paths_node node, const char *text);

#endif
