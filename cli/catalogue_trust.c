#include "cli/catalogue_trust.h"

#include "cli/handing.h"
#include "cli/moving.h"

#define OFFICE "Cluster administrator"
#define NO_MORE                                                                \
    {                                                                          \
        .name = NULL                                                           \
    }
#define DIR_OPTION                                                             \
    {                                                                          \
        "dir", 0, "DIR", "the authority's folder", true                        \
    }
#define PASSPHRASE_OPTION                                                      \
    {                                                                          \
        "passphrase-file", 0, "FILE",                                          \
            "the passphrase of the authority's keys", false                    \
    }
#define DRY_RUN_OPTION                                                         \
    {                                                                          \
        "dry-run", 0, NULL, "only say what would happen", false                \
    }

static const struct options_spec close_options[] = {
    DIR_OPTION,
    {"successor", 0, "LAESTAB", "the school that follows", false},
    {"reason", 0, "TEXT", "why, for the record", false},
    DRY_RUN_OPTION,
    PASSPHRASE_OPTION,
    NO_MORE,
};
static const struct options_spec merge_options[] = {
    DIR_OPTION,
    {"into", 0, "LAESTAB", "the school that follows", true},
    {"reason", 0, "TEXT", "why, for the record", false},
    DRY_RUN_OPTION,
    PASSPHRASE_OPTION,
    NO_MORE,
};
static const struct options_spec rename_options[] = {
    DIR_OPTION,
    {"name", 0, "NAME", "what it is called now", false},
    {"urn", 0, "URN", "its new number: it became an academy", false},
    {"phase", 0, "PHASE", "primary, middle, secondary, all-through or special",
        false},
    DRY_RUN_OPTION,
    PASSPHRASE_OPTION,
    NO_MORE,
};
static const struct options_spec handover_options[] = {
    DIR_OPTION,
    PASSPHRASE_OPTION,
    NO_MORE,
};
static const struct options_spec recover_options[] = {
    DIR_OPTION,
    {"from", 0, "FILE", "a directory.cms instead of what the hubs have", false},
    PASSPHRASE_OPTION,
    NO_MORE,
};

static const struct command commands[] = {
    {OFFICE, "cluster school close", "LAESTAB", 1, 1, COMMAND_JSON,
        close_options, moving_close, "a school has closed",
        "With --successor its mail and its leavers go to the school that "
        "follows.  Without, its mail is refused with the reason.  For 30 days "
        "it can still fetch what waits for it."},
    {OFFICE, "cluster school merge", "LAESTAB...", 1, COMMAND_MANY,
        COMMAND_JSON, merge_options, moving_merge,
        "schools become one, or one gets another LAESTAB",
        "The school that follows must be enrolled first, with keys of its own. "
        " What other schools have sent, or were about to send, to the old "
        "ones is sealed and sent anew to it, by themselves."},
    {OFFICE, "cluster school rename", "LAESTAB", 1, 1, COMMAND_JSON,
        rename_options, moving_rename,
        "a school has another name, URN or phase", ""},
    {OFFICE, "cluster authority rotate", "", 0, 0, COMMAND_JSON,
        handover_options, handing_rotate,
        "hand the cluster over to an authority with new keys",
        "Signs two directories: the old authority announces the new one, which "
        "issues every certificate anew.  Schools keep their keys and do "
        "nothing.  Afterwards: moveup cluster publish, and a new backup of the "
        "folder."},
    {OFFICE, "cluster recover", "", 0, 0, COMMAND_JSON, recover_options,
        handing_recover, "go on with a copy of the authority's folder",
        "A copy may be older than the newest directory.  This takes the newest "
        "one from the hubs, checks that this authority has signed it, and goes "
        "on from there: else the next directory would be refused."},
};

const struct command *catalogue_trust_commands(size_t *count)
{
    *count = sizeof commands / sizeof commands[0];
    return commands;
}
