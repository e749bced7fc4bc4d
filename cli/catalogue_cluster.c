#include "cli/catalogue_cluster.h"

#include "cli/do_health.h"

#define SECTION "Cluster administrator"
#define NO_MORE                                                                \
    {                                                                          \
        .name = NULL                                                           \
    }
#define DIR_OPTION                                                             \
    {                                                                          \
        "dir", 0, "DIR", "the authority's folder", true                        \
    }

static const struct options_spec health_options[] = {
    DIR_OPTION,
    {"silent", 0, "TIME", "no report for so long is critical; 24h unless told",
        false},
    NO_MORE,
};

static const struct command commands[] = {
    {SECTION, "cluster health", "", 0, 0, COMMAND_JSON, health_options,
        do_health_show, "which school needs whom, worst first",
        "Asks every hub for what the schools report.  The first line and the "
        "exit code are those of monitoring plugins: 0 ok, 1 warning, 2 "
        "critical, 3 unknown."},
};

const struct command *catalogue_cluster_commands(size_t *count)
{
    *count = sizeof commands / sizeof commands[0];
    return commands;
}
