/* chance - OpenSSL's randomness from a seed, so that sizes of signatures, and
 * with them everything that counts bytes, are the same at a replay. */
#ifndef SIM_CHANCE_H
#define SIM_CHANCE_H

#include <stdint.h>

void chance_seed(uint64_t seed);

#endif
