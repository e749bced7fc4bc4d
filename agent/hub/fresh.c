#include "hub/fresh.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

static bool replaces(
    const struct fresh_letter *newer, const struct fresh_letter *older)
{
    return newer->header.lane == LANE_RECEIPT &&
           older->header.lane == LANE_RECEIPT &&
           laestab_equal(&newer->header.author, &older->header.author) &&
           laestab_equal(&newer->header.recipient, &older->header.recipient);
}

void fresh_add(struct fresh *fresh, const struct fresh_letter *letter)
{
    size_t kept = 0;

    for (size_t i = 0; i < fresh->count; i++)
        if (!replaces(letter, &fresh->letters[i]))
            fresh->letters[kept++] = fresh->letters[i];
    fresh->count = kept;
    if (fresh->count == fresh->room) {
        fresh->room = fresh->room * 2 + 64;
        fresh->letters =
            mem_resize(fresh->letters, fresh->room, sizeof *fresh->letters);
    }
    fresh->letters[fresh->count++] = *letter;
}

const struct fresh_letter *fresh_next(const struct fresh *fresh,
    const struct laestab *recipient, enum lane lane, uint64_t after)
{
    for (size_t i = 0; i < fresh->count; i++) {
        const struct fresh_letter *letter = &fresh->letters[i];

        if (letter->cursor > after && letter->header.lane == lane &&
            laestab_equal(&letter->header.recipient, recipient))
            return letter;
    }
    return NULL;
}

void fresh_clear(struct fresh *fresh)
{
    fresh->count = 0;
}

void fresh_free(struct fresh *fresh)
{
    free(fresh->letters);
    *fresh = (struct fresh){NULL, 0, 0};
}
