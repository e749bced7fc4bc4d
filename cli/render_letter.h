/* render_letter - invitations as they are sent: one, or all of a session. */
#ifndef CLI_RENDER_LETTER_H
#define CLI_RENDER_LETTER_H

#include "cli/call.h"

/** Address, body, and what to do before it is sent. */
void render_letter_print(struct call *call, const json_t *letter);

/** "letters" of the result: as text one after another, as CSV for a mail
 * merge. */
call_render render_letter_all;

#endif
