/* leavers - `moveup leavers ...`: the primary school's work before the summer.
 */
#ifndef CLI_LEAVERS_H
#define CLI_LEAVERS_H

struct call;

int leavers_import(struct call *call);
int leavers_check(struct call *call);
int leavers_list(struct call *call);
int leavers_show(struct call *call);
int leavers_send(struct call *call);
int leavers_template(struct call *call);

#endif
