/* do_strategy - what comes first for the families of a group. */
#ifndef CLI_DO_STRATEGY_H
#define CLI_DO_STRATEGY_H

struct call;

int do_strategy_set(struct call *call);
int do_strategy_end(struct call *call);
int do_strategy_list(struct call *call);

#endif
