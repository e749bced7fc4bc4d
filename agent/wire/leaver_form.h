/* leaver_form - the messages of proto/leaver.proto as a table: which field goes
 * to which member of struct leaver. */
#ifndef WIRE_LEAVER_FORM_H
#define WIRE_LEAVER_FORM_H

#include "wire/direct.h"

/** For a struct leaver. */
const struct direct_form *leaver_form_table(void);

#endif
