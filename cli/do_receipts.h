/* do_receipts - `moveup receipts`: the other school's signed receipts. */
#ifndef CLI_DO_RECEIPTS_H
#define CLI_DO_RECEIPTS_H

struct call;

int do_receipts_show(struct call *call);

#endif
