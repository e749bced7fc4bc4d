/* do_changes - at a secondary: what came in since yesterday. */
#ifndef CLI_DO_CHANGES_H
#define CLI_DO_CHANGES_H

struct call;

int do_changes_list(struct call *call);

#endif
