#include "wire/pool.h"

#include <stdalign.h>
#define SLAB ((size_t)2048)

/* What a piece takes: its bytes, a zero, and up to the next aligned place. */
static size_t cost(size_t size)
{
    const size_t align = alignof(max_align_t);

    return (size + 1 + align - 1) / align * align;
}

/* A record is some two hundred pieces, most of a few bytes: they are cut from
 * a slab.  protobuf-c fills all of a piece; the zero after it is ours. */
static void *take(void *data, size_t size)
{
    struct pool *pool = data;
    uint8_t *taken;

    if (size >= pool->left || cost(size) > pool->left)
        return NULL;
    pool->left -= cost(size);
    if (cost(size) > pool->room) {
        if (cost(size) > SLAB / 4)
            return arena_take(pool->arena, size + 1);
        pool->next = arena_take(pool->arena, SLAB);
        pool->room = SLAB;
    }
    taken = pool->next;
    pool->next += cost(size);
    pool->room -= cost(size);
    taken[size] = 0;
    return taken;
}

static void keep(void *data, void *piece)
{
    (void)data;
    (void)piece;
}

void pool_on_arena(struct pool *pool, struct arena *arena, size_t limit)
{
    *pool = (struct pool){{take, keep, pool}, arena, NULL, 0, limit};
}

void pool_on_memory(struct pool *pool, void *memory, size_t size)
{
    *pool = (struct pool){{take, keep, pool}, NULL, memory, size, size};
}

void *pool_unpack(struct pool *pool, const ProtobufCMessageDescriptor *type,
    struct bytes wire)
{
    return protobuf_c_message_unpack(
        type, &pool->allocator, wire.len, wire.data);
}
