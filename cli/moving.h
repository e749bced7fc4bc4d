/* moving - schools that close, merge or change their name: `moveup cluster
 * school ...`. */
#ifndef CLI_MOVING_H
#define CLI_MOVING_H

struct call;

int moving_close(struct call *call);
int moving_merge(struct call *call);
int moving_rename(struct call *call);

#endif
