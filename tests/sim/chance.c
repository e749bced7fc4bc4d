#define OPENSSL_API_COMPAT                                                     \
    10101 /* RAND_METHOD: the short way, while it lasts */
#include "chance.h"

#include <openssl/rand.h>

#include "rng.h"

static struct rng chance;

static int draw(unsigned char *out, int len)
{
    rng_fill(&chance, out, (size_t)len);
    return 1;
}

static int status(void)
{
    return 1;
}

void chance_seed(uint64_t seed)
{
    static const RAND_METHOD method = {
        .bytes = draw, .pseudorand = draw, .status = status};

    chance.state = seed;
    RAND_set_rand_method(&method);
}
