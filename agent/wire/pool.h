/*
 * pool - memory for protobuf-c to decode into, with an end.
 *
 * protobuf-c takes a struct for each nested message and a copy of each field,
 * known or not, so a few bytes of wire can cost a hundred of memory.  A pool
 * hands out at most what it was given and then nothing: decoding fails and the
 * message is refused.
 *
 * One zero byte follows each piece, so a field's bytes are a C string too.
 * Nothing is freed by itself; protobuf-c's *_free_unpacked() is not needed.
 */
#ifndef WIRE_POOL_H
#define WIRE_POOL_H

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"
#include "base/bytes.h"

struct pool {
    ProtobufCAllocator allocator; /* its data is this pool: do not copy one */
    struct arena *arena;          /* NULL: all is at next */
    uint8_t *next;
    size_t room; /* at next */
    size_t left; /* that may still be handed out; no less than room, if there
                  * is no arena */
};

/** At most limit bytes of arena, with what they cost in rounding. */
void pool_on_arena(struct pool *pool, struct arena *arena, size_t limit);

/** The size bytes at memory, aligned for any type. */
void pool_on_memory(struct pool *pool, void *memory, size_t size);

/** NULL if it is not that message or the pool is too small. */
void *pool_unpack(struct pool *pool, const ProtobufCMessageDescriptor *type,
    struct bytes wire);

#endif
