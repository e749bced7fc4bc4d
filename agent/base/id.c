#include "base/id.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/err.h"

void id_new(struct id *out)
{
    if (getrandom(out->bytes, ID_SIZE, 0) != ID_SIZE)
        abort(); /* up to 256 bytes it never falls short (getrandom(2)) */
}

const char *id_format(const struct id *id, char text[ID_TEXT_SIZE])
{
    for (size_t i = 0; i < ID_SIZE; i++)
        snprintf(text + 2 * i, 3, "%02x", id->bytes[i]);
    return text;
}

bool id_equal(const struct id *a, const struct id *b)
{
    return memcmp(a->bytes, b->bytes, ID_SIZE) == 0;
}

bool id_is_zero(const struct id *id)
{
    static const struct id zero;

    return id_equal(id, &zero);
}
