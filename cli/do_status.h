/* do_status - `moveup status`, `peers`, `waitsync` and `doctor`. */
#ifndef CLI_DO_STATUS_H
#define CLI_DO_STATUS_H

struct call;

int do_status_show(struct call *call);
int do_status_peers(struct call *call);
int do_status_waitsync(struct call *call);
int do_status_doctor(struct call *call);

#endif
