/* catalogue_cluster - the commands that show the administrator how the cluster
 * is; a part of the catalogue. */
#ifndef CLI_CATALOGUE_CLUSTER_H
#define CLI_CATALOGUE_CLUSTER_H

#include "cli/command.h"

const struct command *catalogue_cluster_commands(size_t *count);

#endif
