#include "crypto/vault.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "crypto/ossl.h"

#define KEY_SIZE 32
#define FILE_SIZE ((size_t)2 * KEY_SIZE + 1) /* hex, newline */
#define VERSION 1
#define NONCE_SIZE 12
#define GCM_TAG_SIZE 16
#define HEAD_SIZE (1 + NONCE_SIZE)
#define NONCE_STOCK 64 /* drawn at once: a draw costs as much as a seal */

_Static_assert(
    HEAD_SIZE + GCM_TAG_SIZE == VAULT_OVERHEAD, "as the header says");

/* The contexts keep their key schedule from one blob to the next. */
struct vault {
    EVP_CIPHER_CTX *seal;
    EVP_CIPHER_CTX *unseal;
    EVP_MAC_CTX *mac;
    uint8_t nonces[NONCE_STOCK][NONCE_SIZE];
    size_t nonces_left; /* the first so many are not used yet */
};

/* One key, one use: what is derived for one cannot serve the other.  This is
 * HKDF-Expand (RFC 5869) for a single block; the data key is random already. */
static bool derive(
    uint8_t out[KEY_SIZE], const uint8_t key[KEY_SIZE], const char *purpose)
{
    uint8_t info[64];
    const size_t len = strlen(purpose);

    memcpy(info, purpose, len);
    info[len] = 1;
    return HMAC(EVP_sha256(), key, KEY_SIZE, info, len + 1, out, NULL) != NULL;
}

static EVP_MAC_CTX *new_mac(const uint8_t key[KEY_SIZE])
{
    char sha256[] = "SHA256";
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, sha256, 0),
        OSSL_PARAM_construct_end(),
    };
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(hmac);

    EVP_MAC_free(hmac);
    if (ctx != NULL && EVP_MAC_init(ctx, key, KEY_SIZE, params) != 1) {
        EVP_MAC_CTX_free(ctx);
        return NULL;
    }
    return ctx;
}

static bool set_keys(struct vault *vault, const uint8_t key[KEY_SIZE])
{
    uint8_t blobs[KEY_SIZE];
    uint8_t tags[KEY_SIZE];
    bool ok = derive(blobs, key, "moveup vault blobs") &&
              derive(tags, key, "moveup vault tags");

    vault->seal = EVP_CIPHER_CTX_new();
    vault->unseal = EVP_CIPHER_CTX_new();
    vault->mac = ok ? new_mac(tags) : NULL;
    ok = ok && vault->mac != NULL && vault->seal != NULL &&
         vault->unseal != NULL &&
         EVP_EncryptInit_ex(
             vault->seal, EVP_aes_256_gcm(), NULL, blobs, NULL) == 1 &&
         EVP_DecryptInit_ex(
             vault->unseal, EVP_aes_256_gcm(), NULL, blobs, NULL) == 1;
    OPENSSL_cleanse(blobs, sizeof blobs);
    OPENSSL_cleanse(tags, sizeof tags);
    return ok;
}

int vault_create(const char *path, struct err *err)
{
    uint8_t key[KEY_SIZE];
    char text[FILE_SIZE + 1];
    int rc;

    /* A data key written over another loses everything sealed under it. */
    if (access(path, F_OK) == 0)
        return err_set(err, ERR_EXISTS, "%s is there already", path);
    hash_random(key, sizeof key);
    text_hex(text, (struct bytes){key, sizeof key});
    text[FILE_SIZE - 1] = '\n';
    rc = file_write(path, (struct bytes){(const uint8_t *)text, FILE_SIZE},
        FILE_PRIVATE, err);
    OPENSSL_cleanse(key, sizeof key);
    OPENSSL_cleanse(text, sizeof text);
    return rc;
}

static bool read_key(uint8_t out[KEY_SIZE], struct buf *file)
{
    if (file->len != FILE_SIZE || file->data[FILE_SIZE - 1] != '\n')
        return false;
    file->data[FILE_SIZE - 1] = '\0';
    return text_unhex(out, KEY_SIZE, (const char *)file->data);
}

int vault_open(struct vault **out, const char *path, struct err *err)
{
    SCOPED(vault_closep) struct vault *vault = mem_alloc(sizeof *vault);
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    uint8_t key[KEY_SIZE];
    bool ok;
    int rc = file_read_private(&file, path, FILE_SIZE, err);

    if (rc < 0)
        return rc;
    if (!read_key(key, &file))
        return err_set(
            err, ERR_MALFORMED, "%s: not a data key of 64 hex digits", path);
    ok = set_keys(vault, key);
    OPENSSL_cleanse(key, sizeof key);
    if (!ok)
        return ossl_fail(err, ERR_CRYPTO, "cannot set up the vault");
    *out = TAKE(vault);
    return 0;
}

/* Authenticate the place: label, NUL, row.  The NUL keeps "a" row 0x62... and
 * "ab" apart. */
static bool bind(EVP_CIPHER_CTX *ctx, const char *label, int64_t row)
{
    uint8_t place[1 + sizeof row] = {0};
    int len;

    for (size_t i = 0; i < sizeof row; i++)
        place[1 + i] = (uint8_t)((uint64_t)row >> (56 - 8 * i));
    return EVP_CipherUpdate(ctx, NULL, &len, (const uint8_t *)label,
               (int)strlen(label)) == 1 &&
           EVP_CipherUpdate(ctx, NULL, &len, place, sizeof place) == 1;
}

static void take_nonce(uint8_t out[NONCE_SIZE], struct vault *vault)
{
    if (vault->nonces_left == 0) {
        hash_random(vault->nonces[0], sizeof vault->nonces);
        vault->nonces_left = NONCE_STOCK;
    }
    memcpy(out, vault->nonces[--vault->nonces_left], NONCE_SIZE);
}

int vault_seal(struct buf *out, struct vault *vault, const char *label,
    int64_t row, struct bytes plain, struct err *err)
{
    EVP_CIPHER_CTX *ctx = vault->seal;
    uint8_t *at;
    int len = 0;
    int tail = 0;

    if (plain.len > VAULT_MAX_PLAIN)
        return err_set(err, ERR_TOO_BIG, "record of %zu bytes, limit %zu",
            plain.len, VAULT_MAX_PLAIN);
    at = buf_reserve(out, plain.len + VAULT_OVERHEAD);
    at[0] = VERSION;
    take_nonce(at + 1, vault);
    if (EVP_EncryptInit_ex(ctx, NULL, NULL, NULL, at + 1) != 1 ||
        !bind(ctx, label, row) ||
        EVP_EncryptUpdate(
            ctx, at + HEAD_SIZE, &len, plain.data, (int)plain.len) != 1 ||
        EVP_EncryptFinal_ex(ctx, at + HEAD_SIZE + len, &tail) != 1 ||
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, GCM_TAG_SIZE,
            at + HEAD_SIZE + plain.len) != 1)
        return ossl_fail(err, ERR_CRYPTO, "cannot seal");
    out->len += plain.len + VAULT_OVERHEAD;
    return 0;
}

static bool decrypt(uint8_t *out, EVP_CIPHER_CTX *ctx, const char *label,
    int64_t row, struct bytes sealed)
{
    const size_t len = sealed.len - VAULT_OVERHEAD;
    uint8_t tag[GCM_TAG_SIZE];
    int done = 0;
    int tail = 0;

    memcpy(tag, sealed.data + HEAD_SIZE + len, sizeof tag);
    return EVP_DecryptInit_ex(ctx, NULL, NULL, NULL, sealed.data + 1) == 1 &&
           bind(ctx, label, row) &&
           EVP_DecryptUpdate(
               ctx, out, &done, sealed.data + HEAD_SIZE, (int)len) == 1 &&
           EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, GCM_TAG_SIZE, tag) ==
               1 &&
           EVP_DecryptFinal_ex(ctx, out + done, &tail) == 1;
}

int vault_unseal(struct buf *out, struct vault *vault, const char *label,
    int64_t row, struct bytes sealed, struct err *err)
{
    uint8_t *at;
    size_t len;

    if (sealed.len < VAULT_OVERHEAD ||
        sealed.len > VAULT_MAX_PLAIN + VAULT_OVERHEAD ||
        sealed.data[0] != VERSION)
        return err_set(err, ERR_DECRYPT, "not a sealed record");
    len = sealed.len - VAULT_OVERHEAD;
    at = buf_reserve(out, len);
    if (!decrypt(at, vault->unseal, label, row, sealed)) {
        OPENSSL_cleanse(at, len);
        return ossl_fail(err, ERR_DECRYPT,
            "a sealed record does not open: altered, moved or of another key");
    }
    out->len += len;
    return 0;
}

void vault_tag(struct vault_tag *out, struct vault *vault, const char *label,
    struct bytes value)
{
    uint8_t full[DIGEST_SIZE];
    size_t len = 0;

    if (EVP_MAC_init(vault->mac, NULL, 0, NULL) != 1 ||
        EVP_MAC_update(vault->mac, (const uint8_t *)label, strlen(label) + 1) !=
            1 ||
        EVP_MAC_update(vault->mac, value.data, value.len) != 1 ||
        EVP_MAC_final(vault->mac, full, &len, sizeof full) != 1)
        abort(); /* only out of memory */
    memcpy(out->bytes, full, sizeof out->bytes);
}

void vault_close(struct vault *vault)
{
    if (vault == NULL)
        return;
    EVP_CIPHER_CTX_free(vault->seal);
    EVP_CIPHER_CTX_free(vault->unseal);
    EVP_MAC_CTX_free(vault->mac);
    free(vault);
}
