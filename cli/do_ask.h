/* do_ask - what a secondary asks of a primary, and the answer. */
#ifndef CLI_DO_ASK_H
#define CLI_DO_ASK_H

struct call;

int do_ask_primary(struct call *call);
int do_ask_answer(struct call *call);

#endif
