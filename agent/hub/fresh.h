/*
 * fresh - the letters of one drain, in the memory they came in: stored and
 * committed, they can go to a recipient that waits without being read again.
 */
#ifndef HUB_FRESH_H
#define HUB_FRESH_H

#include "base/bytes.h"
#include "wire/stream.h"

struct fresh_letter {
    uint64_t cursor;
    struct id envelope;
    struct id origin;
    struct header header;
    struct bytes sealed; /* borrowed until the drain ends */
};

/* In the order of their cursors. */
struct fresh {
    struct fresh_letter *letters;
    size_t count, room;
};

/** In LANE_RECEIPT an older one of the same author to the same recipient is
 * taken out: storage has replaced it too. */
void fresh_add(struct fresh *fresh, const struct fresh_letter *letter);

/** The first letter to recipient in lane with cursor > after, or NULL. */
const struct fresh_letter *fresh_next(const struct fresh *fresh,
    const struct laestab *recipient, enum lane lane, uint64_t after);

void fresh_clear(struct fresh *fresh); /* memory is kept */
void fresh_free(struct fresh *fresh);

#endif
