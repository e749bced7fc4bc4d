#include "cli/catalogue_cluster.h"

#include "cli/do_cells.h"
#include "cli/do_certs.h"
#include "cli/do_digest.h"
#include "cli/do_health.h"
#include "cli/do_pushes.h"
#include "cli/do_stuck.h"
#include "cli/do_trace.h"

#define SECTION "Cluster administrator"
#define LISTS (COMMAND_JSON | COMMAND_CSV)
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
static const struct options_spec stuck_options[] = {
    DIR_OPTION,
    {"older", 0, "TIME", "only what has waited so long; 48h unless told",
        false},
    NO_MORE,
};
static const struct options_spec pushes_options[] = {
    DIR_OPTION,
    {"expected", 0, "FILE", "the list of offers to compare with: CSV", false},
    NO_MORE,
};
static const struct options_spec digest_options[] = {
    DIR_OPTION,
    {"week", 0, NULL, "of this week", false},
    {"school", 0, "LAESTAB", "only this school's page", false},
    NO_MORE,
};
static const struct options_spec only_dir[] = {
    DIR_OPTION,
    NO_MORE,
};

static const struct command commands[] = {
    {SECTION, "cluster health", "", 0, 0, LISTS | COMMAND_PLUGIN,
        health_options, do_health_show, "which school needs whom, worst first",
        "Asks every hub for what the schools report.  The first line and the "
        "exit code are those of monitoring plugins: 0 ok, 1 warning, 2 "
        "critical, 3 unknown."},
    {SECTION, "cluster stuck", "", 0, 0, LISTS, stuck_options, do_stuck_show,
        "what waits between schools, oldest first, and who must act",
        "TIME is a number and m, h or d: 90m, 48h, 3d."},
    {SECTION, "cluster pushes", "", 0, 0, LISTS, pushes_options, do_pushes_show,
        "which schools have not sent their leavers",
        "With --expected it compares with the offers, by pair of schools: CSV "
        "with the columns from and to (school numbers), and upn or count.  The "
        "list stays on this machine.  Reports hold counts only, so it can say "
        "how many are missing or too many, and not which."},
    {SECTION, "cluster coverage", "", 0, 0, LISTS, only_dir, do_cells_show,
        "first contact by school, groups as far as they may be told",
        "Figures of groups are suppressed at the school ([c]) and fixed each "
        "Monday."},
    {SECTION, "cluster certs", "", 0, 0, LISTS, only_dir, do_certs_show,
        "when certificates and the directory end, the next first", ""},
    {SECTION, "cluster trace", "ENVELOPE", 1, 1, COMMAND_JSON, only_dir,
        do_trace_show, "what became of one letter, and who signed that",
        "ENVELOPE is a letter's name or its first 8 digits or more, as "
        "`receipts`, `quarantine show` and `queue --json` print it at the "
        "school."},
    {SECTION, "cluster digest", "", 0, 0, COMMAND_JSON, digest_options,
        do_digest_show, "a page for each head teacher",
        "A form feed stands between the pages, so each is printed on its "
        "own."},
};

const struct command *catalogue_cluster_commands(size_t *count)
{
    *count = sizeof commands / sizeof commands[0];
    return commands;
}
