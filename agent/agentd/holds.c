#include "agentd/holds.h"

static struct hold *find(struct holds *holds, int64_t stream)
{
    for (size_t i = 0; i < holds->count; i++)
        if (holds->items[i].stream == stream)
            return &holds->items[i];
    return NULL;
}

bool holds_add(struct holds *holds, int64_t stream, enum reason reason)
{
    struct hold *hold = find(holds, stream);

    if (hold == NULL && holds->count == HOLDS_MAX)
        return false;
    if (hold == NULL) {
        hold = &holds->items[holds->count++];
        *hold = (struct hold){.stream = stream};
    }
    hold->reason = reason;
    hold->until = (mono){clock_mono().ms + HOLDS_MS};
    hold->turns++;
    return true;
}

void holds_drop(struct holds *holds, int64_t stream)
{
    struct hold *hold = find(holds, stream);

    if (hold != NULL)
        *hold = holds->items[--holds->count];
}

size_t holds_streams(
    int64_t streams[HOLDS_MAX], const struct holds *holds, mono now)
{
    size_t n = 0;

    for (size_t i = 0; i < holds->count; i++)
        if (holds->items[i].until.ms > now.ms)
            streams[n++] = holds->items[i].stream;
    return n;
}

const struct hold *holds_find(const struct holds *holds, int64_t stream)
{
    for (size_t i = 0; i < holds->count; i++)
        if (holds->items[i].stream == stream)
            return &holds->items[i];
    return NULL;
}

mono holds_deadline(const struct holds *holds, mono now)
{
    mono nearest = {0};

    for (size_t i = 0; i < holds->count; i++) {
        const mono until = holds->items[i].until;

        if (until.ms > now.ms && (nearest.ms == 0 || until.ms < nearest.ms))
            nearest = until;
    }
    return nearest;
}
