#include "cli/nearest.h"

#include <stdint.h>
#include <string.h>

#define LETTERS ((size_t)64)

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: three rows of the usual table are enough. */
size_t nearest_distance(const char *a, const char *b)
{
    const size_t rows = strnlen(a, LETTERS);
    const size_t columns = strnlen(b, LETTERS);
    size_t table[3][LETTERS + 1];

    for (size_t j = 0; j <= columns; j++)
        table[0][j] = j;
    for (size_t i = 1; i <= rows; i++) {
        size_t *now = table[i % 3];
        const size_t *before = table[(i + 2) % 3];
        const size_t *earlier = table[(i + 1) % 3];

        now[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            const size_t change = a[i - 1] == b[j - 1] ? 0 : 1;

            now[j] = least(
                least(before[j] + 1, now[j - 1] + 1), before[j - 1] + change);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], earlier[j - 2] + 1);
        }
    }
    return table[rows % 3][columns];
}

void nearest_try(struct nearest *nearest, const char *candidate)
{
    const size_t length = strnlen(nearest->word, LETTERS);
    const size_t distance = nearest_distance(nearest->word, candidate);
    const size_t limit = length < 3 ? 1 : length < 8 ? 2 : 3;

    if (distance > limit || distance >= length)
        return;
    if (nearest->best == NULL || distance < nearest->distance) {
        nearest->best = candidate;
        nearest->distance = distance;
    }
}
