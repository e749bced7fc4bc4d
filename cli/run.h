/* run - one command line from argv to an exit code. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include <stdio.h>

/** Find the command, check its words and options, run it.  Returns the exit
 * code (enum call_exit). */
int run_main(int argc, char *const *argv, FILE *out, FILE *err);

#endif
