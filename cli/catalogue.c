#include "cli/catalogue.h"

#include "cli/about.h"
#include "cli/cluster.h"
#include "cli/setup.h"
#include "cli/usage.h"

#define NO_MORE                                                                \
    {                                                                          \
        .name = NULL                                                           \
    }

static const struct options_spec every_options[] = {
    {"help", 'h', NULL, "say what the command does", false},
    {"version", 'V', NULL, "the version of this program", false},
    NO_MORE,
};
static const struct options_spec agent_options[] = {
    {"socket", 0, "PATH", "the agent's socket (else $MOVEUP_SOCKET)", false},
    {"as", 0, "LOGIN", "act for this member of staff (the agent's own user)",
        false},
    NO_MORE,
};
static const struct options_spec json_options[] = {
    {"json", 0, NULL, "one JSON document, for programs", false},
    NO_MORE,
};
static const struct options_spec csv_options[] = {
    {"csv", 0, NULL, "comma-separated, for a spreadsheet", false},
    NO_MORE,
};

/* Primary school */

/* Secondary school */

/* Everybody */
static const struct options_spec help_options[] = {
    {"man", 0, NULL, "the manual page, in roff", false},
    {"completion", 0, "SHELL", "completion to be sourced by bash", false},
    NO_MORE,
};

/* Set-up and the cluster's administrator */
static const struct options_spec enrol_options[] = {
    {"state", 0, "DIR", "the agent's or hub's folder", true},
    {"output", 'o', "REQUEST", "the request file to write", true},
    {"laestab", 0, "N", "the school's LA and establishment number", false},
    {"urn", 0, "N", "the school's unique reference number", false},
    {"name", 0, "NAME", "the school's or hub's name", false},
    {"phase", 0, "PHASE", "primary, middle, secondary, all-through, special",
        false},
    {"hub", 0, "tcp://HOST:PORT", "enrol a hub that schools reach here", false},
    NO_MORE,
};
static const struct options_spec join_options[] = {
    {"state", 0, "DIR", "the folder that the request was made in", true},
    NO_MORE,
};
#define DIR_OPTION                                                             \
    {                                                                          \
        "dir", 0, "DIR", "the authority's folder", true                        \
    }
#define PASSPHRASE_OPTION                                                      \
    {                                                                          \
        "passphrase-file", 0, "F",                                             \
            "read the authority's passphrase from this file", false            \
    }
static const struct options_spec init_options[] = {
    DIR_OPTION,
    {"name", 0, "NAME", "what the cluster is called", true},
    PASSPHRASE_OPTION,
    NO_MORE,
};
static const struct options_spec cluster_enrol_options[] = {
    DIR_OPTION,
    {"output", 'o', "WELCOME", "the file to write; DIR/ for several", true},
    {"readmit", 0, NULL, "also take back a revoked member with new keys",
        false},
    PASSPHRASE_OPTION,
    NO_MORE,
};
static const struct options_spec revoke_options[] = {
    DIR_OPTION,
    {"reason", 0, "TEXT", "why, for the record", true},
    PASSPHRASE_OPTION,
    NO_MORE,
};
static const struct options_spec publish_options[] = {
    DIR_OPTION,
    {"renew", 0, NULL, "sign it anew first, with later expiry dates", false},
    PASSPHRASE_OPTION,
    NO_MORE,
};
static const struct options_spec dir_options[] = {
    DIR_OPTION,
    NO_MORE,
};

static const struct command commands[] = {
    {"Everybody", "version", "", 0, 0, COMMAND_JSON, NULL, about_version,
        "the version of this program", ""},
    {"Everybody", "help", "[COMMAND]", 0, 2, 0, help_options, usage_help,
        "this overview, or one command in full", ""},

    {"Set-up", "enrol", "", 0, 0, COMMAND_JSON, enrol_options, setup_enrol,
        "make keys and a request to join a cluster",
        "For a school give --laestab, --urn, --name and --phase; for a hub "
        "--hub and --name.  The private keys stay in the folder.  Send the "
        "request to the cluster's administrator and compare the fingerprint "
        "by telephone."},
    {"Set-up", "join", "WELCOME", 1, 1, COMMAND_JSON, join_options, setup_join,
        "take in the administrator's answer", ""},

    {"Cluster administrator", "cluster init", "", 0, 0, COMMAND_JSON,
        init_options, cluster_init, "make the authority of a new cluster", ""},
    {"Cluster administrator", "cluster enrol", "REQUEST...", 1, COMMAND_MANY,
        COMMAND_JSON, cluster_enrol_options, cluster_enrol,
        "answer enrolment requests with certificates",
        "Compare each printed fingerprint with the school by telephone before "
        "you hand the welcome over."},
    {"Cluster administrator", "cluster revoke", "LAESTAB", 1, 1, COMMAND_JSON,
        revoke_options, cluster_revoke, "shut a school out", ""},
    {"Cluster administrator", "cluster list", "", 0, 0,
        COMMAND_JSON | COMMAND_CSV, dir_options, cluster_list,
        "schools, hubs, certificates and when they expire", ""},
    {"Cluster administrator", "cluster publish", "", 0, 0, COMMAND_JSON,
        publish_options, cluster_publish,
        "give the newest directory to every hub", ""},
};

const struct command *catalogue_commands(size_t *count)
{
    *count = sizeof commands / sizeof commands[0];
    return commands;
}

const struct options_spec *catalogue_shared(unsigned of)
{
    switch (of) {
    case COMMAND_AGENT:
        return agent_options;
    case COMMAND_JSON:
        return json_options;
    case COMMAND_CSV:
        return csv_options;
    default:
        return every_options;
    }
}
