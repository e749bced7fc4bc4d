/*
 * archive - a file sealed as a stream: whoever lacks the key reads nothing of
 * it, and whoever has it is never given an altered, reordered, shortened or
 * lengthened one unnoticed.
 *
 *   head   48 bytes in clear: "MOVEUPBK", version, kind of key, cost of the
 *          passphrase (log2 N, r, p), three zeros, 32 random bytes of salt
 *   then   chunks of 64 KiB, each AES-256-GCM and 16 bytes longer; the last is
 *          shorter or as long, and is empty only if all of it is
 *
 * The key of the chunks is derived from the archive's key and the whole head,
 * so it serves one file only; the nonce of a chunk is its number and whether it
 * is the last.  Nothing of a chunk is given out before its tag is checked, but
 * chunks are given out before the end has been seen: who must not act on half
 * an archive reads it to the end first, and then again.
 *
 * The key is random, for a file of its own, or comes from a passphrase by
 * scrypt: 64 MiB and a fifth of a second for each guess.
 */
#ifndef CRYPTO_ARCHIVE_H
#define CRYPTO_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/bytes.h"

struct err;
struct archive_reader;
struct archive_writer;

#define ARCHIVE_HEAD_SIZE 48
#define ARCHIVE_KEY_SIZE 32
#define ARCHIVE_CHUNK ((size_t)64 * 1024) /* of content */
#define ARCHIVE_TAG_SIZE 16               /* behind each chunk */

struct archive_head {
    uint8_t bytes[ARCHIVE_HEAD_SIZE];
};

struct archive_key {
    uint8_t bytes[ARCHIVE_KEY_SIZE];
};

/** The head and the key of a new archive.  passphrase NULL: a random key.
 * Errors: ERR_CRYPTO. */
MUST_CHECK int archive_new_key(struct archive_head *head,
    struct archive_key *key, const char *passphrase, struct err *err);

/** Is it a head that this program can read, no dearer than it will pay?
 * Errors: ERR_MALFORMED (not an archive), ERR_STATE (of a newer version). */
MUST_CHECK int archive_check_head(
    const struct archive_head *head, struct err *err);

/** True if the key comes from a passphrase.  head was checked. */
bool archive_has_passphrase(const struct archive_head *head);

/** The key of a passphrase, for a checked head that has one.
 * Errors: ERR_CRYPTO. */
MUST_CHECK int archive_derive_key(struct archive_key *key,
    const struct archive_head *head, const char *passphrase, struct err *err);

/** Begin an archive on a descriptor, which stays the caller's.
 * Errors: those of archive_check_head(), ERR_CRYPTO, ERR_IO, ERR_FULL. */
MUST_CHECK int archive_begin(struct archive_writer **out, int fd,
    const struct archive_head *head, const struct archive_key *key,
    struct err *err);

/** Errors: ERR_IO, ERR_FULL, ERR_CRYPTO; after one the archive is worthless. */
MUST_CHECK int archive_write(
    struct archive_writer *writer, struct bytes src, struct err *err);

/** Write the last chunk and sync; only then is the archive one.  Gives its
 * size in bytes.  Errors: as archive_write(). */
MUST_CHECK int archive_finish(
    uint64_t *size, struct archive_writer *writer, struct err *err);

void archive_end(struct archive_writer *writer); /* NULL is allowed */
static inline void archive_endp(struct archive_writer **writer)
{
    archive_end(*writer);
}

/** Read the head from the start of a file, and check it.
 * Errors: those of archive_check_head(), ERR_IO. */
MUST_CHECK int archive_read_head(
    struct archive_head *out, int fd, struct err *err);

/** Read what follows the head, from the start of a seekable descriptor, which
 * stays the caller's.  Errors: those of archive_check_head(), ERR_CRYPTO,
 * ERR_IO. */
MUST_CHECK int archive_open(struct archive_reader **out, int fd,
    const struct archive_head *head, const struct archive_key *key,
    struct err *err);

/** Up to size bytes; fewer only at the end, 0 after it.  *got is how many.
 * Errors: ERR_DECRYPT (altered, cut short, or another key), ERR_IO. */
MUST_CHECK int archive_read(size_t *got, struct archive_reader *reader,
    uint8_t *out, size_t size, struct err *err);

void archive_close(struct archive_reader *reader); /* NULL is allowed */
static inline void archive_closep(struct archive_reader **reader)
{
    archive_close(*reader);
}

#endif
