/* do_entry - the first days: who has started, who has not come. */
#ifndef CLI_DO_ENTRY_H
#define CLI_DO_ENTRY_H

struct call;

int do_entry_mark(struct call *call);
int do_entry_missing(struct call *call);

#endif
