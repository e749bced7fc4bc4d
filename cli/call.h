/*
 * call - one command being run: what was typed, where the answer goes, and the
 * few ways in which every command asks, answers and fails.
 *
 * A handler returns an exit code.  Whoever prints an error returns its code:
 *
 *     if (call_flag(call, "all") && call->word_count > 0)
 *         return call_usage(call, "give UPNs or --all, not both");
 *     ...
 *     if (rc < 0)
 *         return call_fail(call, &err, "Look at the folder: ls -l DIR");
 *     return call_show(call, document, render);
 */
#ifndef CLI_CALL_H
#define CLI_CALL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "cli/options.h"
#include "cli/output.h"

struct command;
struct err;

enum call_exit {
    CALL_DONE = 0,
    CALL_REFUSED = 1, /* refused or failed; nothing half done */
    CALL_USAGE = 2,
    CALL_NO_AGENT = 3,
    CALL_UNKNOWN = 3, /* as monitoring plugins say it */
};

struct call {
    const struct command *command;
    const struct options *options;
    const char *const *words; /* after the command's own words */
    size_t word_count;
    struct output *output;
};

/** What was given with --name, or NULL. */
const char *call_option(const struct call *call, const char *name);
/** Set args[name] to the number given with --name, if it was given.  CALL_DONE,
 * or CALL_USAGE: it is no number, and that was printed. */
MUST_CHECK int call_number(json_t *args, struct call *call, const char *name);
bool call_flag(const struct call *call, const char *name);

/** Where the agent's socket is: --socket, $MOVEUP_SOCKET, the usual place. */
const char *call_socket(const struct call *call);

/** How a result is shown as text or CSV: call->output->form says which. */
typedef void call_render(struct call *call, const json_t *result);

/** Show a result and free it: with --json as it is, else by render.  CALL_DONE:
 * a command whose result is bad news returns its own code after this. */
int call_show(struct call *call, json_t *result, call_render *render);

/** Ask the agent and show its answer.  Takes over args. */
MUST_CHECK int call_agent(
    struct call *call, const char *command, json_t *args, call_render *render);

/**
 * Ask the agent; file is a descriptor to pass or -1.  On success CALL_DONE and
 * *result is the caller's; else the error is printed.  Takes over args.
 */
MUST_CHECK int call_ask(json_t **result, struct call *call, const char *command,
    json_t *args, int file);

/** Print a refusal and the next step ("": the command's help); CALL_REFUSED. */
int call_refuse(struct call *call, const char *text, const char *next);
/** The same for a failed function. */
int call_fail(struct call *call, const struct err *err, const char *next);
/** Print what is wrong with what was typed, and its usage; CALL_USAGE. */
int call_usage(struct call *call, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
