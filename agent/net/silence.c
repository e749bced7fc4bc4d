#include "net/silence.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

void silence_init(struct silence *silence, size_t descriptors)
{
    *silence = (struct silence){
        .since = mem_alloc(descriptors * sizeof *silence->since),
        .room = descriptors};
}

void silence_free(struct silence *silence)
{
    free(silence->since);
    *silence = (struct silence){0};
}

static bool knows(const struct silence *silence, int fd)
{
    return fd >= 0 && (size_t)fd < silence->room;
}

void silence_opened(struct silence *silence, int fd, mono now)
{
    if (!knows(silence, fd))
        return;
    silence->silent += silence->since[fd].ms == 0;
    silence->since[fd] = now;
}

void silence_broken(struct silence *silence, int fd)
{
    if (!knows(silence, fd) || silence->since[fd].ms == 0)
        return;
    silence->silent--;
    silence->since[fd] = (mono){0};
}

int silence_take(struct silence *silence, mono until)
{
    for (size_t n = 0; silence->silent > 0 && n < silence->room; n++) {
        const size_t i = silence->look;

        silence->look = i + 1 < silence->room ? i + 1 : 0;
        if (silence->since[i].ms != 0 && silence->since[i].ms < until.ms) {
            silence_broken(silence, (int)i);
            return (int)i;
        }
    }
    return -1;
}
