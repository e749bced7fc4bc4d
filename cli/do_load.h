/* do_load - a sheet that somebody filled in, loaded: who is whose tutor, whom
 * to expect. */
#ifndef CLI_DO_LOAD_H
#define CLI_DO_LOAD_H

struct call;

int do_load_tutors(struct call *call);
int do_load_offers(struct call *call);
int do_load_expected(struct call *call);
int do_load_drop(struct call *call);
int do_load_entries(struct call *call);

#endif
