/* do_restrict - `moveup restrict ...`: who must not be called or told. */
#ifndef CLI_DO_RESTRICT_H
#define CLI_DO_RESTRICT_H

struct call;

int do_restrict_add(struct call *call);
int do_restrict_list(struct call *call);
int do_restrict_end(struct call *call);

#endif
