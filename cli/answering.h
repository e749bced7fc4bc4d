/* answering - enrolment requests answered with welcomes: `moveup cluster
 * enrol`. */
#ifndef CLI_ANSWERING_H
#define CLI_ANSWERING_H

struct authority;
struct call;

/** Answer the requests named by the call's words.  An exit code. */
int answering_run(struct call *call, struct authority *authority);

#endif
