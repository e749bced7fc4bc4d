/* do_log - `moveup log` and `callbacks`: what came of a try. */
#ifndef CLI_DO_LOG_H
#define CLI_DO_LOG_H

struct call;

int do_log_run(struct call *call);
int do_log_callbacks(struct call *call);

#endif
