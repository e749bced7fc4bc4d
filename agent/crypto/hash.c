#include "crypto/hash.h"

#include <stdio.h>
#include <stdlib.h>

#include "crypto/ossl.h"

#define GROUPS 6
#define GROUP_BYTES 5

void hash_sha256(struct digest *out, struct bytes src)
{
    if (EVP_Digest(src.data, src.len, out->bytes, NULL, EVP_sha256(), NULL) !=
        1)
        abort(); /* only out of memory */
}

void hash_random(uint8_t *out, size_t len)
{
    /* Without random numbers nothing that follows can be safe. */
    if (RAND_bytes_ex(NULL, out, len, 0) != 1)
        abort();
}

/* 40 bits reduced to five digits: the bias, 1 in 10^7, helps nobody. */
static unsigned group(const uint8_t *src)
{
    uint64_t n = 0;

    for (size_t i = 0; i < GROUP_BYTES; i++)
        n = n << 8 | src[i];
    return (unsigned)(n % 100000);
}

const char *hash_fingerprint(
    char text[HASH_FINGERPRINT_SIZE], const struct digest *digest)
{
    size_t at = 0;

    for (size_t i = 0; i < GROUPS; i++)
        at += (size_t)snprintf(text + at, HASH_FINGERPRINT_SIZE - at, "%s%05u",
            i == 0 ? "" : " ", group(digest->bytes + i * GROUP_BYTES));
    return text;
}

const char *hash_library(bool *weak)
{
    const unsigned major = OPENSSL_version_major();
    const unsigned minor = OPENSSL_version_minor();
    const unsigned patch = OPENSSL_version_patch();

    *weak = major < 3 || (major == 3 && minor == 0 && patch < 22);
    return OpenSSL_version(OPENSSL_VERSION_STRING);
}
