/* overview - the authority's folder and a survey of the cluster, opened
 * together for the commands that only look. */
#ifndef CLI_OVERVIEW_H
#define CLI_OVERVIEW_H

#include "cli/survey.h"

struct overview {
    struct authority *authority;
    struct survey survey;
};

/** --dir, and ask every hub.  An exit code; what failed was printed. */
MUST_CHECK int overview_open(struct overview *out, struct call *call);

/** A line for each hub that did not answer and each school whose report is
 * missing: what is shown lacks them. */
json_t *overview_missing(const struct survey *survey);
void overview_say_missing(struct call *call, const json_t *result);

/** Seconds since then; null for a time that is none. */
json_t *overview_age(wall then, wall now);

void overview_close(struct overview *overview);

#endif
