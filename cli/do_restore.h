/*
 * do_restore - `moveup restore`: a school's folder from its backup, without an
 * agent.
 *
 * Nothing is written before the whole backup was read once and found good.  The
 * folder appears whole under its name; the one that was there is kept.
 */
#ifndef CLI_DO_RESTORE_H
#define CLI_DO_RESTORE_H

struct call;

int do_restore_run(struct call *call);

#endif
