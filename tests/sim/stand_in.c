/* stand_in - clocks, names, small files and the sealing boundary as the
 * simulator has them.  The linker's --wrap sends the agent's calls here. */
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/id.h"
#include "crypto/seal.h"
#include "node.h"
#include "vfs.h"
#include "watch.h"
#include "world.h"

mono __wrap_clock_mono(void);
wall __wrap_clock_wall(void);
void __wrap_id_new(struct id *out);
int __wrap_file_write(
    const char *path, struct bytes src, mode_t mode, struct err *err);
int __wrap_file_overwrite(
    const char *path, struct bytes src, mode_t mode, struct err *err);
int __wrap_file_read(
    struct buf *out, const char *path, size_t limit, struct err *err);
int __wrap_seal_sign(struct buf *out, struct digest *digest,
    struct bytes content, const struct key *key, const struct cert *cert,
    struct err *err);
int __wrap_seal_encrypt(struct buf *out, struct bytes signed_content,
    const struct cert *recipient, struct err *err);

void __real_id_new(struct id *out);
int __real_file_write(
    const char *path, struct bytes src, mode_t mode, struct err *err);
int __real_file_overwrite(
    const char *path, struct bytes src, mode_t mode, struct err *err);
int __real_file_read(
    struct buf *out, const char *path, size_t limit, struct err *err);
int __real_seal_sign(struct buf *out, struct digest *digest,
    struct bytes content, const struct key *key, const struct cert *cert,
    struct err *err);
int __real_seal_encrypt(struct buf *out, struct bytes signed_content,
    const struct cert *recipient, struct err *err);

mono __wrap_clock_mono(void)
{
    const struct world *world = world_here();

    return (mono){world == NULL ? 1 : world->now};
}

wall __wrap_clock_wall(void)
{
    const struct world *world = world_here();

    if (world == NULL)
        return WORLD_START;
    return (wall){WORLD_START.ms + world->now - 1000000 +
                  (world->node == NULL ? 0 : world->node->skew_ms)};
}

void __wrap_id_new(struct id *out)
{
    struct world *world = world_here();

    if (world == NULL)
        __real_id_new(out);
    else
        rng_fill(&world->ids, out->bytes, sizeof out->bytes);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

int __wrap_file_write(
    const char *path, struct bytes src, mode_t mode, struct err *err)
{
    struct disk *disk = vfs_disk();

    if (disk == NULL)
        return __real_file_write(path, src, mode, err);
    if (disk_put(disk, base_name(path), src) != 0)
        return err_set(err, ERR_IO, "%s: input/output error", path);
    return 0;
}

int __wrap_file_overwrite(
    const char *path, struct bytes src, mode_t mode, struct err *err)
{
    if (vfs_disk() == NULL)
        return __real_file_overwrite(path, src, mode, err);
    return __wrap_file_write(path, src, mode, err);
}

/* Keys, certificates and the directory are read from where town_make() put
 * them, unless the agent has written its own since. */
int __wrap_file_read(
    struct buf *out, const char *path, size_t limit, struct err *err)
{
    struct disk *disk = vfs_disk();
    const struct disk_file *file =
        disk == NULL ? NULL : disk_find(disk, base_name(path));

    if (file == NULL)
        return __real_file_read(out, path, limit, err);
    if (file->now.len > limit)
        return err_set(err, ERR_TOO_BIG, "%s: over %zu bytes", path, limit);
    buf_add(out, (struct bytes){file->now.data, file->now.len});
    return 0;
}

int __wrap_seal_sign(struct buf *out, struct digest *digest,
    struct bytes content, const struct key *key, const struct cert *cert,
    struct err *err)
{
    const int rc = __real_seal_sign(out, digest, content, key, cert, err);

    if (rc == 0 && world_here() != NULL)
        watch_signed(content, digest);
    return rc;
}

int __wrap_seal_encrypt(struct buf *out, struct bytes signed_content,
    const struct cert *recipient, struct err *err)
{
    const int rc = __real_seal_encrypt(out, signed_content, recipient, err);

    if (rc == 0 && world_here() != NULL)
        watch_sealed(buf_bytes(out));
    return rc;
}
