/* do_leavers - `moveup leavers ...`: the primary school's work before the
 * summer.
 */
#ifndef CLI_DO_LEAVERS_H
#define CLI_DO_LEAVERS_H

struct call;

int do_leavers_import(struct call *call);
int do_leavers_check(struct call *call);
int do_leavers_list(struct call *call);
int do_leavers_show(struct call *call);
int do_leavers_send(struct call *call);
int do_leavers_template(struct call *call);

#endif
