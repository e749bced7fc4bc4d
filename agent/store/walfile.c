#include "store/walfile.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define HELD_MAX ((size_t)512 * 1024)
/* SQLite takes less than 128 KiB at once. */
#define PIECE ((size_t)120 * 1024)
#define NAME_SIZE 64

/* SQLite keeps it in its list for as long as the process runs. */
struct gathering_vfs {
    sqlite3_vfs base;
    sqlite3_vfs *real;
    char name[NAME_SIZE];
};

struct log_file {
    sqlite3_file base;
    sqlite3_file *real;
    uint8_t *held; /* HELD_MAX, made when first needed */
    size_t held_len;
    sqlite3_int64 held_at; /* where in the file */
};

/* What could not be written is of a commit that fails by it: it is dropped. */
static int write_held(struct log_file *log)
{
    const size_t len = log->held_len;
    int code = SQLITE_OK;

    log->held_len = 0;
    for (size_t at = 0; at < len && code == SQLITE_OK; at += PIECE) {
        const size_t piece = len - at < PIECE ? len - at : PIECE;

        code = log->real->pMethods->xWrite(log->real, log->held + at,
            (int)piece, log->held_at + (sqlite3_int64)at);
    }
    return code;
}

static int on_write(
    sqlite3_file *file, const void *src, int len, sqlite3_int64 at)
{
    struct log_file *log = (struct log_file *)file;
    const size_t size = (size_t)len;
    const bool follows =
        log->held_len > 0 && at == log->held_at + (sqlite3_int64)log->held_len;

    if (!follows || log->held_len + size > HELD_MAX) {
        const int code = write_held(log);

        if (code != SQLITE_OK)
            return code;
    }
    if (log->held == NULL)
        log->held = mem_resize(NULL, HELD_MAX, 1);
    if (log->held_len == 0)
        log->held_at = at;
    memcpy(log->held + log->held_len, src, size);
    log->held_len += size;
    return SQLITE_OK;
}

static int on_read(sqlite3_file *file, void *out, int len, sqlite3_int64 at)
{
    struct log_file *log = (struct log_file *)file;
    const int code = write_held(log);

    return code != SQLITE_OK
               ? code
               : log->real->pMethods->xRead(log->real, out, len, at);
}

static int on_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct log_file *log = (struct log_file *)file;
    const int code = write_held(log);

    return code != SQLITE_OK ? code
                             : log->real->pMethods->xTruncate(log->real, size);
}

static int on_sync(sqlite3_file *file, int flags)
{
    struct log_file *log = (struct log_file *)file;
    const int code = write_held(log);

    return code != SQLITE_OK ? code
                             : log->real->pMethods->xSync(log->real, flags);
}

static int on_size(sqlite3_file *file, sqlite3_int64 *size)
{
    struct log_file *log = (struct log_file *)file;
    const int code = write_held(log);

    return code != SQLITE_OK ? code
                             : log->real->pMethods->xFileSize(log->real, size);
}

static int on_close(sqlite3_file *file)
{
    struct log_file *log = (struct log_file *)file;
    int code = write_held(log);
    const int closed = log->real->pMethods->xClose(log->real);

    if (code == SQLITE_OK)
        code = closed;
    free(log->held);
    free(log->real);
    return code;
}

static int on_lock(sqlite3_file *file, int level)
{
    struct log_file *log = (struct log_file *)file;

    return log->real->pMethods->xLock(log->real, level);
}

static int on_unlock(sqlite3_file *file, int level)
{
    struct log_file *log = (struct log_file *)file;

    return log->real->pMethods->xUnlock(log->real, level);
}

static int on_reserved(sqlite3_file *file, int *out)
{
    struct log_file *log = (struct log_file *)file;

    return log->real->pMethods->xCheckReservedLock(log->real, out);
}

static int on_control(sqlite3_file *file, int op, void *arg)
{
    struct log_file *log = (struct log_file *)file;

    return log->real->pMethods->xFileControl(log->real, op, arg);
}

static int on_sector(sqlite3_file *file)
{
    struct log_file *log = (struct log_file *)file;

    return log->real->pMethods->xSectorSize(log->real);
}

static int on_traits(sqlite3_file *file)
{
    struct log_file *log = (struct log_file *)file;

    return log->real->pMethods->xDeviceCharacteristics(log->real);
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
    .xUnlock = on_unlock,
    .xCheckReservedLock = on_reserved,
    .xFileControl = on_control,
    .xSectorSize = on_sector,
    .xDeviceCharacteristics = on_traits,
};

static int open_log(sqlite3_vfs *real, const char *path, struct log_file *log,
    int flags, int *out_flags)
{
    int code;

    *log = (struct log_file){.real = mem_alloc((size_t)real->szOsFile)};
    code = real->xOpen(real, path, log->real, flags, out_flags);
    if (code != SQLITE_OK) { /* without methods SQLite closes nothing */
        if (log->real->pMethods != NULL)
            log->real->pMethods->xClose(log->real);
        free(log->real);
        return code;
    }
    log->base.pMethods = &METHODS;
    return SQLITE_OK;
}

static int on_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file,
    int flags, int *out_flags)
{
    sqlite3_vfs *real = ((struct gathering_vfs *)vfs)->real;

    if ((flags & SQLITE_OPEN_WAL) == 0)
        return real->xOpen(real, path, file, flags, out_flags);
    return open_log(real, path, (struct log_file *)file, flags, out_flags);
}

const char *walfile_vfs(void)
{
    sqlite3_vfs *real = sqlite3_vfs_find(NULL);
    char name[NAME_SIZE];
    struct gathering_vfs *vfs;

    if (real == NULL)
        return NULL;
    snprintf(name, sizeof name, "moveup %.40s", real->zName);
    if (sqlite3_vfs_find(name) != NULL)
        return sqlite3_vfs_find(name)->zName;
    vfs = mem_alloc(sizeof *vfs);
    vfs->base = *real;
    vfs->base.pNext = NULL;
    vfs->base.xOpen = on_open;
    vfs->base.zName = memcpy(vfs->name, name, sizeof name);
    if (vfs->base.szOsFile < (int)sizeof(struct log_file))
        vfs->base.szOsFile = (int)sizeof(struct log_file);
    vfs->real = real;
    if (sqlite3_vfs_register(&vfs->base, 0) != SQLITE_OK) {
        free(vfs);
        return NULL;
    }
    return vfs->name;
}
