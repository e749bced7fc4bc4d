/* do_staff - `moveup staff ...`: who may do what in this school. */
#ifndef CLI_DO_STAFF_H
#define CLI_DO_STAFF_H

struct call;

int do_staff_add(struct call *call);
int do_staff_list(struct call *call);
int do_staff_edit(struct call *call);
int do_staff_retire(struct call *call);
int do_staff_audit(struct call *call);

#endif
