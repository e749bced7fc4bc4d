/* sample - leavers as an import makes them, and the batches a primary would
 * sign: the same bytes for the floor as for the product. */
#ifndef BENCH_SAMPLE_H
#define BENCH_SAMPLE_H

#include "wire/batch.h"

/* Leavers of one CTF, encoded. */
struct sample {
    struct arena arena;
    const char **upns;
    struct bytes *records;
    size_t count;
    size_t bytes;
};

/** Write a CTF of `count` invented pupils from number `first` on. */
void sample_write_ctf(const char *path, size_t first, size_t count);

void sample_read(struct sample *out, const char *path);
void sample_free(struct sample *sample);

/** How many records from `at` on go into one batch of at most `most`. */
size_t sample_fit(const struct sample *sample, size_t at, size_t most);

/** items: room for `count`. */
void sample_items(struct batch_item *items, const struct sample *sample,
    size_t at, size_t count);

#endif
