/* do_health - `moveup cluster health`: which school needs whom, worst first,
 * with the exit codes of monitoring plugins. */
#ifndef CLI_DO_HEALTH_H
#define CLI_DO_HEALTH_H

struct call;

int do_health_show(struct call *call);

#endif
