/* staff - `moveup staff ...`: who may do what in this school. */
#ifndef CLI_STAFF_H
#define CLI_STAFF_H

struct call;

int staff_add(struct call *call);
int staff_list(struct call *call);

#endif
