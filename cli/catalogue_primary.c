#include "cli/catalogue_primary.h"

#include "cli/do_outcomes.h"
#include "cli/do_sessions.h"

#define LISTS (COMMAND_AGENT | COMMAND_JSON | COMMAND_CSV)
#define SECTION "Primary school"
#define NO_MORE                                                                \
    {                                                                          \
        .name = NULL                                                           \
    }

static const struct options_spec sessions_options[] = {
    {"to", 0, "LAESTAB", "only those of this school", false},
    {"all", 0, NULL, "also those that are over", false},
    NO_MORE,
};
static const struct options_spec outcomes_options[] = {
    {"year", 0, "YEAR", "who started in that year; else the last", false},
    NO_MORE,
};

static const struct command commands[] = {
    {SECTION, "sessions", "[UPN]", 0, 1, LISTS, sessions_options,
        do_sessions_list,
        "what the secondary schools plan for new families, and their dates",
        "For a parent who asks: visit day, first day, and the information "
        "sessions that are open, as each school told us the last time.  With a "
        "UPN those of that child's school.  Who is invited or comes is not "
        "told.  A secondary sees its own with `session list`."},
    {SECTION, "outcomes", "", 0, 0, LISTS, outcomes_options, do_outcomes_show,
        "what became of a year's leavers, school by school",
        "How many records were received, read and opened; how many families "
        "somebody spoke to, and before the child started; and how quickly "
        "this school answered what it was asked."},
};

const struct command *catalogue_primary_commands(size_t *count)
{
    *count = sizeof commands / sizeof commands[0];
    return commands;
}
