#include "ctf/names.h"

static uint64_t hash(const char *name)
{
    uint64_t sum = UINT64_C(0xcbf29ce484222325);

    for (; *name != '\0'; name++)
        sum = (sum ^ (uint8_t)*name) * UINT64_C(0x100000001b3);
    return sum | 1;
}

bool names_add(struct names *names, const char *name)
{
    const uint64_t sum = hash(name);
    unsigned at = (unsigned)(sum >> 32) % (2 * NAMES_MAX);

    while (names->hashes[at] != 0 && names->hashes[at] != sum)
        at = (at + 1) % (2 * NAMES_MAX);
    if (names->hashes[at] == sum)
        return true;
    if (names->count == NAMES_MAX)
        return false;
    names->hashes[at] = sum;
    names->count++;
    return true;
}
