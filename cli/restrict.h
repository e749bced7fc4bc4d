/* restrict - `moveup restrict ...`: who must not be called or told. */
#ifndef CLI_RESTRICT_H
#define CLI_RESTRICT_H

struct call;

int restrict_add(struct call *call);
int restrict_list(struct call *call);
int restrict_end(struct call *call);

#endif
