/*
 * vault - personal data at rest: AES-256-GCM under a data key kept in a file of
 * its own, outside the database, mode 0600.
 *
 * A blob is bound to its place (a fixed label such as "leaver" and a row
 * number) as associated data, so a blob moved to another row or table does not
 * open. Form: version (1 byte), nonce (12), ciphertext, tag (16).  Nonces are
 * random; one data key seals at most 2^32 blobs (NIST SP 800-38D, 8.3).
 */
#ifndef CRYPTO_VAULT_H
#define CRYPTO_VAULT_H

#include "base/attr.h"
#include "base/buf.h"

struct err;
struct vault;

#define VAULT_OVERHEAD 29
#define VAULT_TAG_SIZE 16 /* of vault_tag() */

/* More is never one record. */
#define VAULT_MAX_PLAIN ((size_t)4 * 1024 * 1024)

struct vault_tag {
    uint8_t bytes[VAULT_TAG_SIZE];
};

/** Make a data key file.  Errors: ERR_EXISTS, ERR_IO. */
MUST_CHECK int vault_create(const char *path, struct err *err);

/** Errors: those of file_read_private(), ERR_MALFORMED. */
MUST_CHECK int vault_open(
    struct vault **out, const char *path, struct err *err);

/** Add the sealed form of plain to out (plain.len + VAULT_OVERHEAD bytes).
 * Errors: ERR_TOO_BIG (VAULT_MAX_PLAIN), ERR_CRYPTO. */
MUST_CHECK int vault_seal(struct buf *out, struct vault *vault,
    const char *label, int64_t row, struct bytes plain, struct err *err);

/** Errors: ERR_DECRYPT: altered, moved, or of another data key. */
MUST_CHECK int vault_unseal(struct buf *out, struct vault *vault,
    const char *label, int64_t row, struct bytes sealed, struct err *err);

/** A keyed hash (HMAC-SHA-256, cut) of a value such as a UPN: equal values can
 * be found without the value being in the database. */
void vault_tag(struct vault_tag *out, struct vault *vault, const char *label,
    struct bytes value);

void vault_close(struct vault *vault);
static inline void vault_closep(struct vault **vault)
{
    vault_close(*vault);
}

#endif
