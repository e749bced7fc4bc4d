/* do_stuck - `moveup cluster stuck`: what has waited too long, and who must
 * act. */
#ifndef CLI_DO_STUCK_H
#define CLI_DO_STUCK_H

struct call;

int do_stuck_show(struct call *call);

#endif
