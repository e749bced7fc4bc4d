/* receipts - `moveup receipts`: the other school's signed receipts. */
#ifndef CLI_RECEIPTS_H
#define CLI_RECEIPTS_H

struct call;

int receipts_show(struct call *call);

#endif
