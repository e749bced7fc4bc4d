/*
 * arena - memory that is handed out piece by piece and freed all at once.
 *
 * A decoded record is hundreds of small strings with one life.  Taking them
 * from an arena costs a pointer bump each and one free, and freeing wipes them.
 * Nothing taken from an arena is ever freed by itself.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/attr.h"
#include "base/bytes.h"

struct arena_block;

struct arena {
    struct arena_block *newest; /* NULL: nothing taken yet */
};

#define ARENA_EMPTY ((struct arena){NULL})

/** size zeroed bytes, aligned for any type; they live as long as the arena. */
void *arena_take(struct arena *arena, size_t size);

/** Copies that live as long as the arena.  arena_copy adds an uncounted NUL. */
char *arena_copy(struct arena *arena, struct bytes src);
char *arena_text(struct arena *arena, const char *text);

/** Wipe all that was taken and start again, keeping one block for reuse. */
void arena_clear(struct arena *arena);

/** Wipe and free everything; the arena is ARENA_EMPTY afterwards. */
void arena_free(struct arena *arena);

#endif
