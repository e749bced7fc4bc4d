/* do_pushes - `moveup cluster pushes`: which schools have not sent their
 * leavers, and how that compares with the offers. */
#ifndef CLI_DO_PUSHES_H
#define CLI_DO_PUSHES_H

struct call;

int do_pushes_show(struct call *call);

#endif
