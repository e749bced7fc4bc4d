/* setup - `moveup enrol` and `moveup join`: a school or hub joins a cluster. */
#ifndef CLI_SETUP_H
#define CLI_SETUP_H

struct call;

int setup_enrol(struct call *call);
int setup_join(struct call *call);

#endif
