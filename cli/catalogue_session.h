/* catalogue_session - the commands about information sessions; a part of the
 * catalogue. */
#ifndef CLI_CATALOGUE_SESSION_H
#define CLI_CATALOGUE_SESSION_H

#include "cli/command.h"

const struct command *catalogue_session_commands(size_t *count);

#endif
