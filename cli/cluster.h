/* cluster - `moveup cluster ...`: what the cluster's administrator does in the
 * authority's folder. */
#ifndef CLI_CLUSTER_H
#define CLI_CLUSTER_H

struct call;

int cluster_init(struct call *call);
int cluster_enrol(struct call *call);
int cluster_revoke(struct call *call);
int cluster_list(struct call *call);
int cluster_publish(struct call *call);

#endif
