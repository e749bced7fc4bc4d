/* render_session - sessions, door lists, letters and invitations as text or
 * CSV. */
#ifndef CLI_RENDER_SESSION_H
#define CLI_RENDER_SESSION_H

#include "cli/call.h"

call_render render_session_one;
call_render render_session_list;
call_render render_session_cancelled;
call_render render_session_edited;
call_render render_session_calendar;
call_render render_session_fit;
call_render render_session_doorlist;
call_render render_session_marked;
call_render render_session_invited;

#endif
