/* names - how many different names a file has used, up to a limit. */
#ifndef CTF_NAMES_H
#define CTF_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#define NAMES_MAX 1024

struct names {
    uint64_t hashes[2 * NAMES_MAX]; /* 0: free */
    unsigned count;
};

/** Remember name.  False: it is one too many. */
bool names_add(struct names *names, const char *name);

#endif
