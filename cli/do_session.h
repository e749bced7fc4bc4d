/* do_session - the commands about information sessions and invitations. */
#ifndef CLI_DO_SESSION_H
#define CLI_DO_SESSION_H

struct call;

int do_session_add(struct call *call);
int do_session_edit(struct call *call);
int do_session_list(struct call *call);
int do_session_publish(struct call *call);
int do_session_cancel(struct call *call);
int do_session_ics(struct call *call);
int do_session_fit(struct call *call);
int do_session_doorlist(struct call *call);
int do_session_letters(struct call *call);
int do_session_mark(struct call *call);
int do_session_invite(struct call *call);

#endif
