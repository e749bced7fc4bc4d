/* nearest - the word somebody probably meant. */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

#include <stddef.h>

/** Letters to change, drop, add or swap to get from a to b; long words are
 * compared by their first 64 letters. */
size_t nearest_distance(const char *a, const char *b);

struct nearest {
    const char *word; /* what was typed */
    const char *best; /* NULL: nothing is close enough */
    size_t distance;
};

/** Look at one more candidate (borrowed for as long as the result is used). */
void nearest_try(struct nearest *nearest, const char *candidate);

#endif
