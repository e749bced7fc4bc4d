/* status - `moveup status`, `peers`, `queue`, `waitsync` and `doctor`. */
#ifndef CLI_STATUS_H
#define CLI_STATUS_H

struct call;

int status_show(struct call *call);
int status_peers(struct call *call);
int status_queue(struct call *call);
int status_waitsync(struct call *call);
int status_doctor(struct call *call);

#endif
