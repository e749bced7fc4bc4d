/* catalogue_primary - what a primary hears back from the secondary schools: a
 * part of the table of commands. */
#ifndef CLI_CATALOGUE_PRIMARY_H
#define CLI_CATALOGUE_PRIMARY_H

#include "cli/command.h"

const struct command *catalogue_primary_commands(size_t *count);

#endif
