/* hash - SHA-256, random bytes, and the digits people compare by telephone. */
#ifndef CRYPTO_HASH_H
#define CRYPTO_HASH_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/bytes.h"

#define HASH_FINGERPRINT_SIZE 36 /* six groups of five digits, and NUL */

void hash_sha256(struct digest *out, struct bytes src);

void hash_random(uint8_t *out, size_t len);

/** "04217 88310 55102 93347 10256 77843": 99 bits of SHA-256, in groups that
 * two people can read to each other.  Returns text. */
const char *hash_fingerprint(
    char text[HASH_FINGERPRINT_SIZE], const struct digest *digest);

/** The OpenSSL in use, "3.0.22"; *weak is set when it is a 3.0 below 3.0.22,
 * whose CMS has known holes (measured.md 1, pitfall 10), or below 3.0. */
const char *hash_library(bool *weak);

#endif
