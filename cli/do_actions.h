/* do_actions - what is owed to families, who a child's tutor is, and the
 * support check. */
#ifndef CLI_DO_ACTIONS_H
#define CLI_DO_ACTIONS_H

struct call;

int do_actions_list(struct call *call);
int do_actions_add(struct call *call);
int do_actions_done(struct call *call);
int do_actions_drop(struct call *call);
int do_actions_tutor(struct call *call);
int do_actions_support(struct call *call);

#endif
