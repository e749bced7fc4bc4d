/* warnings - what a caller must know before dialling: sentences of the card. */
#ifndef AGENTD_WARNINGS_H
#define AGENTD_WARNINGS_H

#include <jansson.h>

#include "agentd/casework.h"

/** others: the cases in which one of this family's numbers stands too. */
json_t *warnings_of(const struct casework_file *file, const json_t *others);

#endif
