/* start - the command line of moveup-hub. */
#ifndef HUB_START_H
#define HUB_START_H

enum start_wish { START_RUN, START_DONE, START_WRONG };

struct start_options {
    const char *state;  /* folder */
    const char *config; /* NULL: defaults */
};

/** Read the command line.  START_DONE: it asked for a text that is printed
 * now; START_WRONG: what is wrong has been said on standard error. */
enum start_wish start_read(struct start_options *out, int argc, char **argv);

#endif
