/* do_support - who a child's tutor is, what a child needs, and who was asked to
 * help. */
#ifndef CLI_DO_SUPPORT_H
#define CLI_DO_SUPPORT_H

struct call;

int do_support_tutor(struct call *call);
int do_support_check(struct call *call);
int do_support_refer(struct call *call);
int do_support_state(struct call *call);
int do_support_list(struct call *call);

#endif
