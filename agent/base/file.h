/*
 * file - whole small files: read with a limit, written so that a crash leaves
 * the old one or the new one and never half of either.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <sys/types.h>

#include "base/attr.h"
#include "base/buf.h"

struct err;

/* Key files and the data key: readable by their owner only. */
#define FILE_PRIVATE ((mode_t)0600)
#define FILE_PUBLIC ((mode_t)0644)

/**
 * Add the whole of path to out.
 *
 * Errors:
 *   ERR_NOT_FOUND  there is no such file
 *   ERR_TOO_BIG    it holds more than limit bytes
 *   ERR_IO         the system's reason is in the text
 */
MUST_CHECK int file_read(
    struct buf *out, const char *path, size_t limit, struct err *err);

/**
 * As file_read(), for a secret: refuse a file that others may read or write, or
 * that another user owns.
 *
 * Errors: as above, and ERR_DENIED with the `chmod 600` that mends it.
 */
MUST_CHECK int file_read_private(
    struct buf *out, const char *path, size_t limit, struct err *err);

/** Replace path by src: temporary file, fsync, rename, fsync of the folder. */
MUST_CHECK int file_write(
    const char *path, struct bytes src, mode_t mode, struct err *err);

/** Write src over the beginning of path, in place and with one sync.  For a few
 * bytes whose length never changes: within one sector they are old or new. */
MUST_CHECK int file_overwrite(
    const char *path, struct bytes src, mode_t mode, struct err *err);

/** Make sure that a file's name is on the disk: sync the folder it is in. */
MUST_CHECK int file_sync_folder(const char *path, struct err *err);

/** Which other process holds a lock on the file; 0: none.  Not to be asked by
 * one that itself holds one: it would lose it.
 * Errors: ERR_NOT_FOUND, ERR_IO. */
MUST_CHECK int file_holder(pid_t *out, const char *path, struct err *err);

/** Make a folder with mode 0700 unless it is there. */
MUST_CHECK int file_make_dir(const char *path, struct err *err);

/** "dir/name", to be freed. */
char *file_path(const char *dir, const char *name);

#endif
