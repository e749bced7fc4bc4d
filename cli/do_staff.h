/* do_staff - `moveup staff ...`: who may do what in this school. */
#ifndef CLI_DO_STAFF_H
#define CLI_DO_STAFF_H

struct call;

int do_staff_add(struct call *call);
int do_staff_list(struct call *call);

#endif
