/*
 * keyring - making the folder STATE/identity: a member's private keys and the
 * request that names their public halves.
 */
#ifndef TRUST_KEYRING_H
#define TRUST_KEYRING_H

#include "base/attr.h"
#include "base/buf.h"
#include "wire/enrolment.h"

struct err;

/**
 * Make keys for `wanted`, whose curve_key is given and whose other keys are
 * made here, and add the request file's bytes to request.  The folder appears
 * whole or not at all; state is made if it is missing.
 * Errors: ERR_IO, ERR_CRYPTO.
 */
MUST_CHECK int keyring_make(struct buf *request, const char *state,
    struct enrolment_request *wanted, const char *curve_secret,
    struct err *err);

#endif
