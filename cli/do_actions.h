/* do_actions - what is owed to families. */
#ifndef CLI_DO_ACTIONS_H
#define CLI_DO_ACTIONS_H

struct call;

int do_actions_list(struct call *call);
int do_actions_add(struct call *call);
int do_actions_done(struct call *call);
int do_actions_drop(struct call *call);

#endif
