/*
 * folder - the small files that an identity and an authority keep in their
 * folders, by name: certificates (PEM, 0644) and transport keys (Z85 text; the
 * secret one 0600 and refused otherwise).
 */
#ifndef TRUST_FOLDER_H
#define TRUST_FOLDER_H

#include <stdbool.h>

#include "base/attr.h"
#include "wire/directory.h"

struct cert;
struct err;

bool folder_has(const char *folder, const char *name);

/** Hold the folder for one process until *fd is closed.
 * Errors: ERR_BUSY (another process holds it), ERR_IO. */
MUST_CHECK int folder_lock(int *fd, const char *folder, struct err *err);

MUST_CHECK int folder_save_cert(const char *folder, const char *name,
    const struct cert *cert, struct err *err);

/** Errors: ERR_NOT_FOUND, ERR_TOO_BIG, ERR_MALFORMED, ERR_IO. */
MUST_CHECK int folder_load_cert(
    struct cert **out, const char *folder, const char *name, struct err *err);

/** A transport key pair as STEM.key and STEM.pub. */
MUST_CHECK int folder_save_curve(const char *folder, const char *stem,
    const char *public_key, const char *secret_key, struct err *err);

/** Errors: those of file_read_private(), ERR_MALFORMED. */
MUST_CHECK int folder_load_curve(char public_key[CURVE_KEY_SIZE],
    char secret_key[CURVE_KEY_SIZE], const char *folder, const char *stem,
    struct err *err);

#endif
