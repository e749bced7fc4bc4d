/*
 * command - the commands of `moveup`, in one table of several parts.
 *
 * Usage, `moveup help`, the man page and the shell completion are printed from
 * it; nothing else lists commands or options.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/options.h"

struct call;

#define COMMAND_MANY ((size_t)-1)

/* Which of the options that several commands share a command has. */
enum {
    COMMAND_AGENT = 1, /* --socket, --as: it asks the agent */
    COMMAND_JSON = 2,
    COMMAND_CSV = 4,
    COMMAND_PLUGIN = 8, /* it ends with the codes of monitoring plugins */
};

struct command {
    const char *section; /* who it is for: "Primary school" */
    const char *name;    /* "leavers import" */
    const char *words;   /* "FILE..."; "" */
    size_t least, most;  /* words after the name */
    unsigned has;
    const struct options_spec *options; /* its own; ends with name NULL */
    int (*run)(struct call *call);      /* returns an exit code */
    const char *summary;                /* one line without a full stop */
    const char *details;                /* sentences for `moveup help NAME` */
};

/** The commands from 0 on, in the order in which people read them; NULL after
 * the last. */
const struct command *command_at(size_t place);

/**
 * The command that words begin with, and how many words its name has; NULL if
 * there is none.
 */
const struct command *command_find(
    size_t *used, const char *const *words, size_t count);

/** The name of a command that somebody probably meant, or NULL. */
const char *command_nearest(const char *const *words, size_t count);

/** Every option that some command or every command has; room for
 * COMMAND_MAX_OPTIONS.  Returns how many. */
#define COMMAND_MAX_OPTIONS ((size_t)256)
size_t command_all_options(const struct options_spec **out);

/** The options of one command, its own first, then the shared ones. */
size_t command_options(
    const struct options_spec **out, const struct command *command);

#endif
