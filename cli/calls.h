/* calls - `moveup list`, `card` and `read`: the secondary school's families. */
#ifndef CLI_CALLS_H
#define CLI_CALLS_H

struct call;

int calls_list(struct call *call);
int calls_card(struct call *call);
int calls_read(struct call *call);

#endif
