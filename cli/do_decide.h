/* do_decide - `moveup wishes`, `barrier`, `escalated`, `plan` and `review`: how
 * a family is to be reached, and what the lead decides. */
#ifndef CLI_DO_DECIDE_H
#define CLI_DO_DECIDE_H

struct call;

int do_decide_wishes(struct call *call);
int do_decide_number(struct call *call);
int do_decide_barrier(struct call *call);
int do_decide_escalated(struct call *call);
int do_decide_plan(struct call *call);
int do_decide_review(struct call *call);

#endif
