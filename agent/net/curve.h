/* curve - CURVE transport keys, as ZeroMQ makes and writes them (Z85). */
#ifndef NET_CURVE_H
#define NET_CURVE_H

#include "base/attr.h"

#define CURVE_TEXT_SIZE 41

struct err;

/** Errors: ERR_CRYPTO (libzmq without CURVE). */
MUST_CHECK int curve_new_pair(char public_key[CURVE_TEXT_SIZE],
    char secret_key[CURVE_TEXT_SIZE], struct err *err);

#endif
