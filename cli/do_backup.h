/* do_backup - `moveup backup` and `moveup approve`: before and after a restore.
 */
#ifndef CLI_DO_BACKUP_H
#define CLI_DO_BACKUP_H

struct call;

int do_backup_make(struct call *call);
int do_backup_approve(struct call *call);

#endif
