/* do_callsheet - families on paper: printed, and what came of them entered. */
#ifndef CLI_DO_CALLSHEET_H
#define CLI_DO_CALLSHEET_H

struct call;

int do_callsheet_print(struct call *call);
int do_callsheet_enter(struct call *call);

#endif
