/* vfs - SQLite over simulated disks: a file belongs to the disk that vfs_use()
 * named when it was opened; with none, SQLite's own VFS serves it. */
#ifndef SIM_VFS_H
#define SIM_VFS_H

#include "disk.h"

/** Make it SQLite's default.  now and rng are asked for time and chance. */
void vfs_register(struct rng *rng, int64_t (*now_ms)(void));

void vfs_use(struct disk *disk);
struct disk *vfs_disk(void);

#endif
