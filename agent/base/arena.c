#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define BLOCK_SIZE ((size_t)16 * 1024)

struct arena_block {
    struct arena_block *older;
    size_t used;
    size_t size;
    alignas(max_align_t) uint8_t data[];
};

static struct arena_block *grow(struct arena *arena, size_t size)
{
    const size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    struct arena_block *block = mem_resize(NULL, sizeof *block + room, 1);

    block->used = 0;
    block->size = room;
    block->older = arena->newest;
    arena->newest = block;
    return block;
}

static size_t rounded(size_t size)
{
    const size_t align = alignof(max_align_t);

    return (size + align - 1) / align * align;
}

/* As it was left: not cleared. */
static void *take(struct arena *arena, size_t size)
{
    struct arena_block *block = arena->newest;
    void *taken;

    if (block == NULL || block->size - block->used < size)
        block = grow(arena, size);
    taken = block->data + block->used;
    block->used += size;
    return taken;
}

void *arena_take(struct arena *arena, size_t size)
{
    return memset(take(arena, rounded(size)), 0, rounded(size));
}

char *arena_copy(struct arena *arena, struct bytes src)
{
    char *copy = take(arena, rounded(src.len + 1));

    if (src.len > 0)
        memcpy(copy, src.data, src.len);
    copy[src.len] = '\0';
    return copy;
}

char *arena_text(struct arena *arena, const char *text)
{
    return arena_copy(arena, bytes_of(text));
}

static void drop(struct arena_block *block)
{
    while (block != NULL) {
        struct arena_block *older = block->older;

        explicit_bzero(block->data, block->used);
        free(block);
        block = older;
    }
}

void arena_clear(struct arena *arena)
{
    struct arena_block *kept = arena->newest;

    if (kept == NULL)
        return;
    drop(kept->older);
    kept->older = NULL;
    explicit_bzero(kept->data, kept->used);
    kept->used = 0;
}

void arena_free(struct arena *arena)
{
    drop(arena->newest);
    arena->newest = NULL;
}
