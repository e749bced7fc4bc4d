/* roster - who is in the cluster: `moveup cluster list`. */
#ifndef CLI_ROSTER_H
#define CLI_ROSTER_H

struct authority;
struct call;

/** Show it as text, JSON or CSV.  An exit code. */
int roster_show(struct call *call, const struct authority *authority);

#endif
