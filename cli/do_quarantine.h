/* do_quarantine - `moveup quarantine ...`: what was refused on arrival. */
#ifndef CLI_DO_QUARANTINE_H
#define CLI_DO_QUARANTINE_H

struct call;

int do_quarantine_list(struct call *call);
int do_quarantine_show(struct call *call);
int do_quarantine_retry(struct call *call);
int do_quarantine_drop(struct call *call);
int do_quarantine_approve(struct call *call);

#endif
