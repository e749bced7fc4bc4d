/* catalogue - the one table of commands (see command.h). */
#ifndef CLI_CATALOGUE_H
#define CLI_CATALOGUE_H

#include "cli/command.h"

/** The commands part by part, in the order in which people read them; NULL
 * after the last part. */
const struct command *catalogue_part(size_t part, size_t *count);

/** Options that several commands have; of says which (COMMAND_AGENT ...; 0:
 * those that every command has).  The list ends with name NULL. */
const struct options_spec *catalogue_shared(unsigned of);

#endif
