#include "disk.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SECTOR ((size_t)512)

struct disk_file *disk_find(const struct disk *disk, const char *name)
{
    for (struct disk_file *file = disk->files; file != NULL; file = file->next)
        if (strcmp(file->name, name) == 0)
            return file;
    return NULL;
}

static struct disk_file *add(struct disk_file **files, const char *name)
{
    struct disk_file *file = mem_alloc(sizeof *file);

    snprintf(file->name, sizeof file->name, "%s", name);
    file->next = *files;
    *files = file;
    return file;
}

struct disk_file *disk_open(struct disk *disk, const char *name)
{
    struct disk_file *file = disk_find(disk, name);

    return file != NULL ? file : add(&disk->files, name);
}

static int trip(struct disk *disk)
{
    if (disk->dead)
        return SQLITE_IOERR_WRITE;
    disk->done++;
    if (disk->trouble == DISK_FINE)
        return SQLITE_OK;
    if (disk->in > 1) {
        disk->in--;
        return SQLITE_OK;
    }
    disk->in = 0;
    switch (disk->trouble) {
    case DISK_FINE:
        return SQLITE_OK;
    case DISK_FULL:
        return SQLITE_FULL;
    case DISK_FAILS:
        disk->trouble = DISK_FINE;
        break;
    case DISK_DIES:
        disk->trouble = DISK_FINE;
        disk->dead = true;
        break;
    }
    return SQLITE_IOERR_WRITE;
}

static void note(struct disk_file *file, struct disk_write write)
{
    if (file->write_count == file->write_room) {
        file->write_room = file->write_room == 0 ? 32 : 2 * file->write_room;
        file->writes =
            mem_resize(file->writes, file->write_room, sizeof file->writes[0]);
    }
    file->writes[file->write_count++] = write;
}

static void forget_writes(struct disk_file *file)
{
    for (size_t i = 0; i < file->write_count; i++)
        free(file->writes[i].bytes);
    file->write_count = 0;
}

static void set_size(struct buf *buf, size_t size)
{
    if (size > buf->len)
        memset(buf_reserve(buf, size - buf->len), 0, size - buf->len);
    buf->len = size;
}

static void write_into(struct buf *buf, struct bytes src, size_t at)
{
    if (at + src.len > buf->len)
        set_size(buf, at + src.len);
    if (src.len > 0)
        memcpy(buf->data + at, src.data, src.len);
}

static void apply(struct buf *buf, const struct disk_write *write)
{
    if (write->bytes == NULL)
        set_size(buf, write->at);
    else
        write_into(buf, (struct bytes){write->bytes, write->len}, write->at);
}

int disk_write(
    struct disk *disk, struct disk_file *file, struct bytes src, size_t at)
{
    const int rc = trip(disk);

    if (rc != SQLITE_OK)
        return rc;
    write_into(&file->now, src, at);
    note(file, (struct disk_write){at, src.len, mem_copy(src)});
    return SQLITE_OK;
}

int disk_truncate(struct disk *disk, struct disk_file *file, size_t size)
{
    const int rc = trip(disk);

    if (rc != SQLITE_OK)
        return rc;
    set_size(&file->now, size);
    note(file, (struct disk_write){size, 0, NULL});
    return SQLITE_OK;
}

int disk_sync(struct disk *disk, struct disk_file *file)
{
    const int rc = trip(disk);

    if (rc != SQLITE_OK)
        return rc == SQLITE_FULL ? rc : SQLITE_IOERR_FSYNC;
    for (size_t i = 0; i < file->write_count; i++)
        apply(&file->synced, &file->writes[i]);
    forget_writes(file);
    disk->syncs++;
    return SQLITE_OK;
}

static void free_file(struct disk_file *file)
{
    forget_writes(file);
    free(file->writes);
    free(file->now.data);
    free(file->synced.data);
    free(file);
}

static void drop(struct disk_file **files, const char *name)
{
    for (struct disk_file **at = files; *at != NULL; at = &(*at)->next)
        if (strcmp((*at)->name, name) == 0) {
            struct disk_file *gone = *at;

            *at = gone->next;
            free_file(gone);
            return;
        }
}

int disk_delete(struct disk *disk, const char *name)
{
    const int rc = trip(disk);

    if (rc == SQLITE_OK)
        drop(&disk->files, name);
    return rc;
}

int disk_put(struct disk *disk, const char *name, struct bytes src)
{
    const int rc = trip(disk);
    struct disk_file *file;

    if (rc != SQLITE_OK)
        return rc;
    file = disk_open(disk, name);
    file->now.len = file->synced.len = 0;
    write_into(&file->now, src, 0);
    write_into(&file->synced, src, 0);
    disk->syncs++;
    return SQLITE_OK;
}

void disk_expect(struct disk *disk, enum disk_trouble trouble, uint64_t n)
{
    disk->trouble = trouble;
    disk->in = n;
}

/* Any subset of the sectors of a write may have reached the platter. */
static void tear(
    struct buf *synced, const struct disk_write *write, struct rng *rng)
{
    if (write->bytes == NULL) {
        if (rng_chance(rng, 500))
            apply(synced, write);
        return;
    }
    for (size_t done = 0; done < write->len;) {
        size_t n = SECTOR - (write->at + done) % SECTOR;

        if (n > write->len - done)
            n = write->len - done;
        if (rng_chance(rng, 500))
            write_into(synced, (struct bytes){write->bytes + done, n},
                write->at + done);
        done += n;
    }
}

void disk_cut_power(struct disk *disk, struct rng *rng)
{
    for (struct disk_file *file = disk->files; file != NULL;
         file = file->next) {
        for (size_t i = 0; i < file->write_count; i++)
            tear(&file->synced, &file->writes[i], rng);
        forget_writes(file);
        file->now.len = 0;
        set_size(&file->now, 0);
        write_into(
            &file->now, (struct bytes){file->synced.data, file->synced.len}, 0);
    }
}

static bool begins(const struct disk_file *file, const char *prefix)
{
    return strncmp(file->name, prefix, strlen(prefix)) == 0;
}

/* A copy is made and put back whole, so all of it is synced. */
static void copy_files(
    struct disk_file **to, const struct disk_file *from, const char *prefix)
{
    for (; from != NULL; from = from->next) {
        struct disk_file *file;

        if (!begins(from, prefix))
            continue;
        file = add(to, from->name);
        if (from->now.len == 0)
            continue;
        write_into(
            &file->now, (struct bytes){from->now.data, from->now.len}, 0);
        write_into(
            &file->synced, (struct bytes){from->now.data, from->now.len}, 0);
    }
}

void disk_take(
    struct disk_copy *out, const struct disk *disk, const char *prefix)
{
    disk_copy_free(out);
    copy_files(&out->files, disk->files, prefix);
}

void disk_bring_back(
    struct disk *disk, const struct disk_copy *copy, const char *prefix)
{
    for (struct disk_file **at = &disk->files; *at != NULL;) {
        struct disk_file *file = *at;

        if (!begins(file, prefix)) {
            at = &file->next;
            continue;
        }
        *at = file->next;
        free_file(file);
    }
    copy_files(&disk->files, copy->files, prefix);
}

static void free_all(struct disk_file **files)
{
    while (*files != NULL) {
        struct disk_file *file = *files;

        *files = file->next;
        free_file(file);
    }
}

void disk_copy_free(struct disk_copy *copy)
{
    free_all(&copy->files);
}

void disk_free(struct disk *disk)
{
    free_all(&disk->files);
    *disk = (struct disk){.files = NULL};
}
