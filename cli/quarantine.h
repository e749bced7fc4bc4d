/* quarantine - `moveup quarantine ...`: what was refused on arrival. */
#ifndef CLI_QUARANTINE_H
#define CLI_QUARANTINE_H

struct call;

int quarantine_list(struct call *call);
int quarantine_show(struct call *call);
int quarantine_retry(struct call *call);
int quarantine_drop(struct call *call);

#endif
