#include "wire/pool.h"

#include <stdalign.h>
#include <string.h>

/* What a piece takes: its bytes, a zero, and up to the next aligned place. */
static size_t cost(size_t size)
{
    const size_t align = alignof(max_align_t);

    return (size + 1 + align - 1) / align * align;
}

static void *take(void *data, size_t size)
{
    struct pool *pool = data;
    uint8_t *taken = pool->next;

    if (size >= pool->left || cost(size) > pool->left)
        return NULL;
    pool->left -= cost(size);
    if (pool->arena != NULL)
        return arena_take(pool->arena, size + 1);
    pool->next += cost(size);
    memset(taken, 0, size + 1);
    return taken;
}

static void keep(void *data, void *piece)
{
    (void)data;
    (void)piece;
}

void pool_on_arena(struct pool *pool, struct arena *arena, size_t limit)
{
    *pool = (struct pool){{take, keep, pool}, arena, NULL, limit};
}

void pool_on_memory(struct pool *pool, void *memory, size_t size)
{
    *pool = (struct pool){{take, keep, pool}, NULL, memory, size};
}

void *pool_unpack(struct pool *pool, const ProtobufCMessageDescriptor *type,
    struct bytes wire)
{
    return protobuf_c_message_unpack(
        type, &pool->allocator, wire.len, wire.data);
}
