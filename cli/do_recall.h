/* do_recall - `moveup recall`, `dest set`, `inbox` and `answer`: what a primary
 * school does about a record that has left. */
#ifndef CLI_DO_RECALL_H
#define CLI_DO_RECALL_H

struct call;

int do_recall_leaver(struct call *call);
int do_recall_dest_set(struct call *call);
int do_recall_inbox(struct call *call);

#endif
