/* do_queue - `moveup queue`, and what hubs have signed of it as files. */
#ifndef CLI_DO_QUEUE_H
#define CLI_DO_QUEUE_H

struct call;

int do_queue_show(struct call *call);

#endif
