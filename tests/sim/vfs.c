#include "vfs.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

/* What SQLite hands back to us at each call; one simulator a process. */
static struct {
    sqlite3_vfs vfs;
    sqlite3_vfs *system;
    struct disk *disk;
    struct rng *rng;
    int64_t (*now_ms)(void);
} here;

struct vfs_file {
    sqlite3_file base;
    struct disk *disk;
    struct disk_file *file;
};

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

static int on_close(sqlite3_file *f)
{
    ((struct vfs_file *)f)->file->open--;
    return SQLITE_OK;
}

static int on_read(sqlite3_file *f, void *out, int len, sqlite3_int64 at)
{
    const struct vfs_file *open = (struct vfs_file *)f;
    const struct buf *now = &open->file->now;
    const size_t from = (size_t)at;
    size_t n = from >= now->len ? 0 : now->len - from;

    if (open->disk->dead)
        return SQLITE_IOERR_READ;
    if (n > (size_t)len)
        n = (size_t)len;
    if (n > 0)
        memcpy(out, now->data + from, n);
    if (n == (size_t)len)
        return SQLITE_OK;
    memset((uint8_t *)out + n, 0, (size_t)len - n);
    return SQLITE_IOERR_SHORT_READ;
}

static int on_write(sqlite3_file *f, const void *src, int len, sqlite3_int64 at)
{
    const struct vfs_file *open = (struct vfs_file *)f;

    return disk_write(
        open->disk, open->file, (struct bytes){src, (size_t)len}, (size_t)at);
}

static int on_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    const struct vfs_file *open = (struct vfs_file *)f;

    return disk_truncate(open->disk, open->file, (size_t)size);
}

static int on_sync(sqlite3_file *f, int flags)
{
    const struct vfs_file *open = (struct vfs_file *)f;

    (void)flags;
    return disk_sync(open->disk, open->file);
}

static int on_size(sqlite3_file *f, sqlite3_int64 *size)
{
    *size = (sqlite3_int64)((struct vfs_file *)f)->file->now.len;
    return SQLITE_OK;
}

static int on_lock(sqlite3_file *f, int level)
{
    (void)f;
    (void)level;
    return SQLITE_OK;
}

static int on_reserved(sqlite3_file *f, int *out)
{
    (void)f;
    *out = 0;
    return SQLITE_OK;
}

static int on_control(sqlite3_file *f, int op, void *arg)
{
    (void)f;
    (void)op;
    (void)arg;
    return SQLITE_NOTFOUND;
}

static int on_sector(sqlite3_file *f)
{
    (void)f;
    return 512;
}

static int on_traits(sqlite3_file *f)
{
    (void)f;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods METHODS = {
    .iVersion = 1,
    .xClose = on_close,
    .xRead = on_read,
    .xWrite = on_write,
    .xTruncate = on_truncate,
    .xSync = on_sync,
    .xFileSize = on_size,
    .xLock = on_lock,
    .xUnlock = on_lock,
    .xCheckReservedLock = on_reserved,
    .xFileControl = on_control,
    .xSectorSize = on_sector,
    .xDeviceCharacteristics = on_traits,
};

static int on_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *f,
    int flags, int *out_flags)
{
    struct vfs_file *open = (struct vfs_file *)f;

    (void)vfs;
    if (here.disk == NULL)
        return here.system->xOpen(here.system, path, f, flags, out_flags);
    if (here.disk->dead || path == NULL) {
        f->pMethods = NULL;
        return SQLITE_CANTOPEN;
    }
    open->base.pMethods = &METHODS;
    open->disk = here.disk;
    open->file = disk_open(here.disk, base_name(path));
    open->file->open++;
    if (out_flags != NULL)
        *out_flags = flags;
    return SQLITE_OK;
}

static int on_delete(sqlite3_vfs *vfs, const char *path, int sync)
{
    (void)vfs;
    if (here.disk == NULL)
        return here.system->xDelete(here.system, path, sync);
    return disk_delete(here.disk, base_name(path));
}

static int on_access(sqlite3_vfs *vfs, const char *path, int flags, int *out)
{
    (void)vfs;
    if (here.disk == NULL)
        return here.system->xAccess(here.system, path, flags, out);
    *out = disk_find(here.disk, base_name(path)) != NULL;
    return SQLITE_OK;
}

static int on_full_path(sqlite3_vfs *vfs, const char *path, int n, char *out)
{
    (void)vfs;
    return here.system->xFullPathname(here.system, path, n, out);
}

static int on_randomness(sqlite3_vfs *vfs, int n, char *out)
{
    (void)vfs;
    rng_fill(here.rng, out, (size_t)n);
    return n;
}

static int on_sleep(sqlite3_vfs *vfs, int us)
{
    (void)vfs;
    return us;
}

static int on_time(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
    (void)vfs;
    *out = 210866760000000 + here.now_ms(); /* the Julian day of 1970 in ms */
    return SQLITE_OK;
}

static int on_time_double(sqlite3_vfs *vfs, double *out)
{
    sqlite3_int64 ms = 0;

    on_time(vfs, &ms);
    *out = (double)ms / 86400000.0;
    return SQLITE_OK;
}

static int on_last_error(sqlite3_vfs *vfs, int n, char *out)
{
    (void)vfs;
    (void)n;
    (void)out;
    return 0;
}

void vfs_register(struct rng *rng, int64_t (*now_ms)(void))
{
    here.rng = rng;
    here.now_ms = now_ms;
    if (here.system == NULL) {
        here.system = sqlite3_vfs_find(NULL);
        here.vfs = (sqlite3_vfs){
            .iVersion = 2,
            .szOsFile = here.system->szOsFile > (int)sizeof(struct vfs_file)
                            ? here.system->szOsFile
                            : (int)sizeof(struct vfs_file),
            .mxPathname = here.system->mxPathname,
            .zName = "sim",
            .xOpen = on_open,
            .xDelete = on_delete,
            .xAccess = on_access,
            .xFullPathname = on_full_path,
            .xRandomness = on_randomness,
            .xSleep = on_sleep,
            .xCurrentTime = on_time_double,
            .xGetLastError = on_last_error,
            .xCurrentTimeInt64 = on_time,
        };
        sqlite3_vfs_register(&here.vfs, 1);
    }
    sqlite3_randomness(0, NULL); /* forget what was drawn for another seed */
}

void vfs_use(struct disk *disk)
{
    here.disk = disk;
}

struct disk *vfs_disk(void)
{
    return here.disk;
}
