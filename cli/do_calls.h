/* do_calls - `moveup list`, `next`, `card`, `find` and `read`: the secondary
 * school's families. */
#ifndef CLI_DO_CALLS_H
#define CLI_DO_CALLS_H

struct call;

int do_calls_list(struct call *call);
int do_calls_card(struct call *call);
int do_calls_next(struct call *call);
int do_calls_find(struct call *call);
int do_calls_died(struct call *call);
int do_calls_read(struct call *call);

#endif
