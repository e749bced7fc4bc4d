/* catalogue_family - the commands of a secondary school's staff who call
 * families; a part of the catalogue. */
#ifndef CLI_CATALOGUE_FAMILY_H
#define CLI_CATALOGUE_FAMILY_H

#include "cli/command.h"

const struct command *catalogue_family_commands(size_t *count);

#endif
