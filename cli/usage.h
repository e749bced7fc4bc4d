/* usage - what `moveup help` prints, from the table of commands. */
#ifndef CLI_USAGE_H
#define CLI_USAGE_H

struct call;
struct command;
struct output;

/** `moveup help [COMMAND] [--man] [--completion SHELL]` */
int usage_help(struct call *call);

/** All commands by section. */
void usage_overview(struct output *output);

/** One command: usage line, sentences, options. */
void usage_command(struct output *output, const struct command *command);

/** The commands that begin with noun; 0 if there are none. */
int usage_group(struct output *output, const char *noun);

#endif
