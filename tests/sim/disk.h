/*
 * disk - a simulated disk: SQLite's files and small whole files in memory, with
 * what a power cut would leave.
 *
 * A write is there at once for whoever reads, but durable only after a sync.
 * disk_cut_power() keeps what was synced and, of every write since, any subset
 * of its sectors.  Deleting a file, and disk_put() (the shape of file_write():
 * synced and renamed), are durable at once.
 *
 * A trouble can be set to come with the n-th write, truncation or sync.
 */
#ifndef SIM_DISK_H
#define SIM_DISK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "rng.h"

enum disk_trouble {
    DISK_FINE,
    DISK_FAILS, /* this one call fails: SQLITE_IOERR */
    DISK_FULL,  /* SQLITE_FULL until it is DISK_FINE again */
    DISK_DIES,  /* the machine stops here: nothing after it happens */
};

struct disk_write {
    size_t at;
    size_t len;
    uint8_t *bytes; /* NULL: cut to `at` bytes */
};

struct disk_file {
    struct disk_file *next;
    char name[64];
    unsigned open;
    struct buf now;            /* what a reader sees */
    struct buf synced;         /* what is on the platter */
    struct disk_write *writes; /* since the last sync */
    size_t write_count, write_room;
};

struct disk {
    struct disk_file *files;
    bool dead; /* every call fails and changes nothing */
    enum disk_trouble trouble;
    uint64_t in;   /* writes until it comes; 0: it is here */
    uint64_t done; /* writes, truncations and syncs */
    uint64_t syncs;
};

/* A copy of some files. */
struct disk_copy {
    struct disk_file *files;
};

/** The file, or NULL. */
struct disk_file *disk_find(const struct disk *disk, const char *name);
struct disk_file *disk_open(struct disk *disk, const char *name);

/** 0, or what SQLite is told.  Each changes nothing when it fails. */
int disk_write(
    struct disk *disk, struct disk_file *file, struct bytes src, size_t at);
int disk_truncate(struct disk *disk, struct disk_file *file, size_t size);
int disk_sync(struct disk *disk, struct disk_file *file);
int disk_delete(struct disk *disk, const char *name);
int disk_put(struct disk *disk, const char *name, struct bytes src);

/** Let trouble come with the n-th write from now (1: the next). */
void disk_expect(struct disk *disk, enum disk_trouble trouble, uint64_t n);

/** No file may be open. */
void disk_cut_power(struct disk *disk, struct rng *rng);

/** Copy the files whose name begins with prefix ("": all). */
void disk_take(
    struct disk_copy *out, const struct disk *disk, const char *prefix);
/** Put a copy back: files with that prefix become those of the copy. */
void disk_bring_back(
    struct disk *disk, const struct disk_copy *copy, const char *prefix);
void disk_copy_free(struct disk_copy *copy);

void disk_free(struct disk *disk);

#endif
