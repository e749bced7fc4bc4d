#include "crypto/archive.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "crypto/hash.h"
#include "crypto/ossl.h"

#define MAGIC "MOVEUPBK"
#define VERSION 1
#define NONCE_SIZE 12
#define SEALED_CHUNK (ARCHIVE_CHUNK + ARCHIVE_TAG_SIZE)

/* Where things stand in the head. */
enum {
    AT_VERSION = 8,
    AT_KIND = 9,
    AT_LOG_N = 10,
    AT_R = 11,
    AT_P = 12,
    AT_ZEROS = 13,
    AT_SALT = 16,
};
enum { KIND_KEY_FILE = 1, KIND_PASSPHRASE = 2 };

/* scrypt: what we ask, and the most that another archive may ask of us. */
#define LOG_N 16
#define LEAST_LOG_N 14
#define MOST_LOG_N 18
#define R 8
#define P 1

/* The counter is 64 bits wide: it does not come round. */
struct sealing {
    EVP_CIPHER_CTX *ctx;
    uint64_t number;
};

struct archive_writer {
    struct sealing sealing;
    int fd;
    uint64_t size;
    uint8_t plain[ARCHIVE_CHUNK];
    size_t len; /* of plain */
    uint8_t sealed[SEALED_CHUNK];
};

struct archive_reader {
    struct sealing sealing;
    int fd;
    bool ended;
    bool refused; /* and stays so */
    uint8_t plain[ARCHIVE_CHUNK];
    size_t at, len;                   /* in plain: given out, there */
    uint8_t sealed[SEALED_CHUNK + 1]; /* one more shows whether more follows */
    size_t sealed_len;
};

/* --- head and key --- */

int archive_check_head(const struct archive_head *head, struct err *err)
{
    static const uint8_t zeros[AT_SALT - AT_LOG_N] = {0};
    const uint8_t *b = head->bytes;
    bool sound;

    if (memcmp(b, MAGIC, AT_VERSION) != 0)
        return err_set(err, ERR_MALFORMED, "not a backup made by moveup");
    if (b[AT_VERSION] > VERSION)
        return err_set(err, ERR_STATE,
            "a backup made by a newer version of Moveup (form %u, this program "
            "knows %u)",
            b[AT_VERSION], VERSION);
    if (b[AT_KIND] == KIND_PASSPHRASE)
        sound = b[AT_LOG_N] >= LEAST_LOG_N && b[AT_LOG_N] <= MOST_LOG_N &&
                b[AT_R] == R && b[AT_P] == P &&
                memcmp(b + AT_ZEROS, zeros, AT_SALT - AT_ZEROS) == 0;
    else
        sound = b[AT_KIND] == KIND_KEY_FILE &&
                memcmp(b + AT_LOG_N, zeros, sizeof zeros) == 0;
    return sound && b[AT_VERSION] == VERSION
               ? 0
               : err_set(err, ERR_MALFORMED, "the backup's head is damaged");
}

bool archive_has_passphrase(const struct archive_head *head)
{
    return head->bytes[AT_KIND] == KIND_PASSPHRASE;
}

int archive_derive_key(struct archive_key *key, const struct archive_head *head,
    const char *passphrase, struct err *err)
{
    const uint8_t *b = head->bytes;
    const uint64_t n = UINT64_C(1) << b[AT_LOG_N];
    /* OpenSSL allows half of what we ask by itself. */
    const uint64_t most = 128 * n * b[AT_R] + 1024 * 1024;

    if (EVP_PBE_scrypt(passphrase, strlen(passphrase), b + AT_SALT,
            ARCHIVE_HEAD_SIZE - AT_SALT, n, b[AT_R], b[AT_P], most, key->bytes,
            sizeof key->bytes) != 1)
        return ossl_fail(err, ERR_CRYPTO, "cannot derive a key (scrypt)");
    return 0;
}

int archive_new_key(struct archive_head *head, struct archive_key *key,
    const char *passphrase, struct err *err)
{
    uint8_t *b = head->bytes;

    *head = (struct archive_head){{0}};
    memcpy(b, MAGIC, AT_VERSION);
    b[AT_VERSION] = VERSION;
    b[AT_KIND] = KIND_KEY_FILE;
    hash_random(b + AT_SALT, ARCHIVE_HEAD_SIZE - AT_SALT);
    if (passphrase == NULL) {
        hash_random(key->bytes, sizeof key->bytes);
        return 0;
    }
    b[AT_KIND] = KIND_PASSPHRASE;
    b[AT_LOG_N] = LOG_N;
    b[AT_R] = R;
    b[AT_P] = P;
    return archive_derive_key(key, head, passphrase, err);
}

/* --- chunks --- */

/* Whoever changes a bit of the head gets another key, and opens nothing. */
static int set_key(struct sealing *sealing, const struct archive_head *head,
    const struct archive_key *key, bool encrypt, struct err *err)
{
    uint8_t chunks[ARCHIVE_KEY_SIZE];
    const bool ok = HMAC(EVP_sha256(), key->bytes, sizeof key->bytes,
                        head->bytes, sizeof head->bytes, chunks, NULL) != NULL;

    bool set;

    sealing->ctx = EVP_CIPHER_CTX_new();
    set = ok && sealing->ctx != NULL &&
          EVP_CipherInit_ex(sealing->ctx, EVP_aes_256_gcm(), NULL, chunks, NULL,
              encrypt) == 1;
    OPENSSL_cleanse(chunks, sizeof chunks);
    return set ? 0 : ossl_fail(err, ERR_CRYPTO, "cannot set up the archive");
}

static bool begin_chunk(struct sealing *sealing, bool last)
{
    uint8_t nonce[NONCE_SIZE] = {0};

    for (size_t i = 0; i < sizeof sealing->number; i++)
        nonce[i] = (uint8_t)(sealing->number >> (56 - 8 * i));
    nonce[NONCE_SIZE - 1] = last;
    sealing->number++;
    return EVP_CipherInit_ex(sealing->ctx, NULL, NULL, NULL, nonce, -1) == 1;
}

/* --- writing --- */

static int write_all(struct archive_writer *writer, const uint8_t *data,
    size_t len, struct err *err)
{
    for (size_t at = 0; at < len;) {
        const ssize_t n = write(writer->fd, data + at, len - at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == ENOSPC || errno == EDQUOT))
            return err_set(err, ERR_FULL, "the backup's disk is full");
        if (n < 0)
            return err_errno(err, "the backup");
        at += (size_t)n;
    }
    writer->size += len;
    return 0;
}

static int seal_chunk(struct archive_writer *writer, bool last, struct err *err)
{
    EVP_CIPHER_CTX *ctx = writer->sealing.ctx;
    int len = 0;
    int tail = 0;

    if (!begin_chunk(&writer->sealing, last) ||
        EVP_EncryptUpdate(
            ctx, writer->sealed, &len, writer->plain, (int)writer->len) != 1 ||
        EVP_EncryptFinal_ex(ctx, writer->sealed + len, &tail) != 1 ||
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, ARCHIVE_TAG_SIZE,
            writer->sealed + writer->len) != 1)
        return ossl_fail(err, ERR_CRYPTO, "cannot seal the backup");
    return write_all(
        writer, writer->sealed, writer->len + ARCHIVE_TAG_SIZE, err);
}

int archive_begin(struct archive_writer **out, int fd,
    const struct archive_head *head, const struct archive_key *key,
    struct err *err)
{
    SCOPED(archive_endp) struct archive_writer *writer = NULL;
    int rc = archive_check_head(head, err);

    if (rc < 0)
        return rc;
    writer = mem_alloc(sizeof *writer);
    writer->fd = fd;
    rc = set_key(&writer->sealing, head, key, true, err);
    if (rc == 0)
        rc = write_all(writer, head->bytes, sizeof head->bytes, err);
    if (rc < 0)
        return rc;
    *out = TAKE(writer);
    return 0;
}

/* A full chunk is sealed when more comes: until then it may be the last. */
int archive_write(
    struct archive_writer *writer, struct bytes src, struct err *err)
{
    while (src.len > 0) {
        const size_t room = ARCHIVE_CHUNK - writer->len;
        const size_t n = src.len < room ? src.len : room;
        int rc = 0;

        if (room == 0) {
            rc = seal_chunk(writer, false, err);
            writer->len = 0;
        }
        if (rc < 0)
            return rc;
        memcpy(writer->plain + writer->len, src.data, n);
        writer->len += n;
        src.data += n;
        src.len -= n;
    }
    return 0;
}

int archive_finish(
    uint64_t *size, struct archive_writer *writer, struct err *err)
{
    int rc = seal_chunk(writer, true, err);

    if (rc == 0 && fsync(writer->fd) < 0)
        rc = err_errno(err, "the backup");
    *size = writer->size;
    return rc;
}

void archive_end(struct archive_writer *writer)
{
    if (writer == NULL)
        return;
    EVP_CIPHER_CTX_free(writer->sealing.ctx);
    OPENSSL_cleanse(writer, sizeof *writer);
    free(writer);
}

/* --- reading --- */

/* Until size bytes are there or the file ends; how many came, or an error. */
static ssize_t read_full(int fd, uint8_t *out, size_t size, struct err *err)
{
    size_t at = 0;

    while (at < size) {
        const ssize_t n = read(fd, out + at, size - at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, "the backup");
        if (n == 0)
            break;
        at += (size_t)n;
    }
    return (ssize_t)at;
}

int archive_read_head(struct archive_head *out, int fd, struct err *err)
{
    ssize_t n;

    if (lseek(fd, 0, SEEK_SET) < 0)
        return err_errno(err, "the backup");
    n = read_full(fd, out->bytes, sizeof out->bytes, err);
    if (n < 0)
        return (int)n;
    if ((size_t)n < sizeof out->bytes)
        return err_set(err, ERR_MALFORMED, "not a backup made by moveup");
    return archive_check_head(out, err);
}

int archive_open(struct archive_reader **out, int fd,
    const struct archive_head *head, const struct archive_key *key,
    struct err *err)
{
    SCOPED(archive_closep) struct archive_reader *reader = NULL;
    int rc = archive_check_head(head, err);

    if (rc < 0)
        return rc;
    if (lseek(fd, ARCHIVE_HEAD_SIZE, SEEK_SET) < 0)
        return err_errno(err, "the backup");
    reader = mem_alloc(sizeof *reader);
    reader->fd = fd;
    rc = set_key(&reader->sealing, head, key, false, err);
    if (rc < 0)
        return rc;
    *out = TAKE(reader);
    return 0;
}

static int refuse_chunk(struct archive_reader *reader, struct err *err)
{
    OPENSSL_cleanse(reader->plain, sizeof reader->plain);
    reader->len = reader->at = 0;
    reader->refused = true;
    return ossl_fail(err, ERR_DECRYPT,
        "the backup does not open: another key, altered or cut short");
}

static int open_chunk(
    struct archive_reader *reader, size_t sealed, bool last, struct err *err)
{
    EVP_CIPHER_CTX *ctx = reader->sealing.ctx;
    uint8_t tag[ARCHIVE_TAG_SIZE];
    int len = 0;
    int tail = 0;

    if (sealed < ARCHIVE_TAG_SIZE ||
        (sealed == ARCHIVE_TAG_SIZE && reader->sealing.number > 0))
        return refuse_chunk(reader, err);
    sealed -= ARCHIVE_TAG_SIZE;
    memcpy(tag, reader->sealed + sealed, sizeof tag);
    if (!begin_chunk(&reader->sealing, last) ||
        EVP_DecryptUpdate(
            ctx, reader->plain, &len, reader->sealed, (int)sealed) != 1 ||
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, sizeof tag, tag) != 1 ||
        EVP_DecryptFinal_ex(ctx, reader->plain + len, &tail) != 1)
        return refuse_chunk(reader, err);
    reader->at = 0;
    reader->len = sealed;
    return 0;
}

/* The chunk is the last when not even one byte follows it. */
static int next_chunk(struct archive_reader *reader, struct err *err)
{
    const ssize_t n = read_full(reader->fd, reader->sealed + reader->sealed_len,
        sizeof reader->sealed - reader->sealed_len, err);
    size_t there;
    int rc;

    if (n < 0)
        return (int)n;
    there = reader->sealed_len + (size_t)n;
    reader->ended = there <= SEALED_CHUNK;
    rc = open_chunk(
        reader, reader->ended ? there : SEALED_CHUNK, reader->ended, err);
    if (rc < 0)
        return rc;
    reader->sealed[0] = reader->sealed[SEALED_CHUNK];
    reader->sealed_len = reader->ended ? 0 : 1;
    return 0;
}

int archive_read(size_t *got, struct archive_reader *reader, uint8_t *out,
    size_t size, struct err *err)
{
    *got = 0;
    while (*got < size) {
        const size_t left = reader->len - reader->at;
        const size_t n = left < size - *got ? left : size - *got;

        if (left == 0 && reader->ended && !reader->refused)
            return 0;
        if (left == 0) {
            const int rc = reader->refused ? refuse_chunk(reader, err)
                                           : next_chunk(reader, err);

            if (rc < 0)
                return rc;
            continue;
        }
        memcpy(out + *got, reader->plain + reader->at, n);
        reader->at += n;
        *got += n;
    }
    return 0;
}

void archive_close(struct archive_reader *reader)
{
    if (reader == NULL)
        return;
    EVP_CIPHER_CTX_free(reader->sealing.ctx);
    OPENSSL_cleanse(reader, sizeof *reader);
    free(reader);
}
