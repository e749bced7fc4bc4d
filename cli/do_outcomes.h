/* do_outcomes - at a primary: what became of a year's leavers. */
#ifndef CLI_DO_OUTCOMES_H
#define CLI_DO_OUTCOMES_H

struct call;

int do_outcomes_show(struct call *call);

#endif
