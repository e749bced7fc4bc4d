/* manual - the man page and the shell completion, from the table of commands.
 */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

struct output;

/** moveup.1 in roff. */
void manual_page(struct output *output);

/** A bash script to be sourced: commands, then options of the command. */
void manual_completion(struct output *output);

#endif
