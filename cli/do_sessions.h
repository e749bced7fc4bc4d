/* do_sessions - at a primary: what the secondaries of its leavers plan. */
#ifndef CLI_DO_SESSIONS_H
#define CLI_DO_SESSIONS_H

struct call;

int do_sessions_list(struct call *call);

#endif
