/*
 * former - encryption keys that were replaced, in STATE/identity:
 *
 *   former-SECONDS.key, former-SECONDS.crt
 *
 * SECONDS since 1970: the moment after which no mail that could be opened with
 * it can come any more.  Then the files are removed; a backup made before still
 * has them.
 */
#ifndef TRUST_FORMER_H
#define TRUST_FORMER_H

#include "base/attr.h"
#include "base/clock.h"
#include "trust/identity.h"

struct err;

/* Mail waits 90 days at a hub; an author that was away itself for another
 * month may bring what it sealed before. */
#define FORMER_DAYS 120

/** "former-SECONDS", to be freed. */
char *former_name(wall until);

/** Load them all, the newest first; those over IDENTITY_MAX_FORMER stay on the
 * disk.  Errors: those of key_load() and folder_load_cert(). */
MUST_CHECK int former_load(struct identity_former *out, size_t *count,
    const char *folder, struct err *err);

/** Remove those whose time has come, from the disk and from identity.
 * Returns how many, or an error (ERR_IO). */
MUST_CHECK int former_destroy(
    struct identity *identity, wall now, struct err *err);

#endif
