/* catalogue_trust - the commands about the authority's keys, and about schools
 * that come to an end; a part of the catalogue. */
#ifndef CLI_CATALOGUE_TRUST_H
#define CLI_CATALOGUE_TRUST_H

#include "cli/command.h"

const struct command *catalogue_trust_commands(size_t *count);

#endif
