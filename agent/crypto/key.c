#include "crypto/key.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "crypto/ossl.h"

#define MAX_FILE ((size_t)8192)
#define MAX_SIGNATURE 72 /* DER of two 256-bit numbers */
#define POINT_SIZE 65    /* 04, x, y */

/* What guessing a passphrase costs (PBKDF2-HMAC-SHA-256). */
#define PBKDF2_ROUNDS 600000
#define PBKDF2_SALT 16

/* SubjectPublicKeyInfo of P-256 up to the point: id-ecPublicKey, prime256v1,
 * BIT STRING, uncompressed. */
static const uint8_t PUBLIC_HEAD[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};
#define PUBLIC_SIZE (sizeof PUBLIC_HEAD - 1 + POINT_SIZE)

static void p8_freep(PKCS8_PRIV_KEY_INFO **p8)
{
    PKCS8_PRIV_KEY_INFO_free(*p8);
}

static void sig_freep(X509_SIG **sig)
{
    X509_SIG_free(*sig);
}

static struct key *wrap(EVP_PKEY *pkey)
{
    struct key *key = mem_alloc(sizeof *key);

    key->pkey = pkey;
    return key;
}

int key_new(struct key **out, struct err *err)
{
    EVP_PKEY *pkey = EVP_EC_gen(SN_X9_62_prime256v1);

    if (pkey == NULL)
        return ossl_fail(err, ERR_CRYPTO, "cannot make a key");
    *out = wrap(pkey);
    return 0;
}

/* OpenSSL's PEM writer would take 2,048 rounds, too few for a passphrase that a
 * person can remember. */
static int write_encrypted(BIO *bio, const struct key *key, const char *pass)
{
    SCOPED(p8_freep) PKCS8_PRIV_KEY_INFO *p8 = EVP_PKEY2PKCS8(key->pkey);
    SCOPED(sig_freep) X509_SIG *sig = NULL;

    if (p8 == NULL)
        return 0;
    sig = PKCS8_encrypt(-1, EVP_aes_256_cbc(), pass, (int)strlen(pass), NULL,
        PBKDF2_SALT, PBKDF2_ROUNDS, p8);
    return sig != NULL && PEM_write_bio_PKCS8(bio, sig) == 1;
}

int key_save(const struct key *key, const char *path, const char *passphrase,
    struct err *err)
{
    SCOPED(ossl_bio_freep) BIO *bio = BIO_new(BIO_s_secmem());
    char *pem = NULL;
    long len;
    int ok;

    ok = passphrase != NULL ? write_encrypted(bio, key, passphrase)
                            : PEM_write_bio_PKCS8PrivateKey(
                                  bio, key->pkey, NULL, NULL, 0, NULL, NULL);
    if (ok != 1)
        return ossl_fail(err, ERR_CRYPTO, "cannot write a private key");
    len = BIO_get_mem_data(bio, &pem);
    return file_write(path, (struct bytes){(const uint8_t *)pem, (size_t)len},
        FILE_PRIVATE, err);
}

/* Never let OpenSSL ask on the terminal. */
static int give_passphrase(char *buf, int size, int writing, void *passphrase)
{
    const size_t len = passphrase == NULL ? 0 : strlen(passphrase);

    (void)writing;
    if (passphrase == NULL || len > (size_t)size)
        return -1;
    memcpy(buf, passphrase, len);
    return (int)len;
}

static bool is_encrypted(struct bytes pem)
{
    static const char MARK[] = "ENCRYPTED";

    return memmem(pem.data, pem.len, MARK, sizeof MARK - 1) != NULL;
}

int key_load(
    struct key **out, const char *path, const char *passphrase, struct err *err)
{
    SCOPED(buf_free) struct buf pem = BUF_EMPTY;
    SCOPED(ossl_bio_freep) BIO *bio = NULL;
    SCOPED(ossl_pkey_freep) EVP_PKEY *pkey = NULL;
    SCOPED(mem_freep) char *what = NULL;
    int rc = file_read_private(&pem, path, MAX_FILE, err);

    if (rc < 0)
        return rc;
    bio = BIO_new_mem_buf(pem.data, (int)pem.len);
    pkey = PEM_read_bio_PrivateKey(
        bio, NULL, give_passphrase, (void *)(uintptr_t)passphrase);
    if (pkey == NULL && is_encrypted(buf_bytes(&pem))) {
        what = mem_format("%s: the passphrase is %s", path,
            passphrase == NULL ? "missing" : "wrong");
        return ossl_fail(err, ERR_DENIED, what);
    }
    if (pkey == NULL || !ossl_is_p256(pkey)) {
        what = mem_format("%s: not a P-256 private key", path);
        return ossl_fail(err, ERR_MALFORMED, what);
    }
    *out = wrap(TAKE(pkey));
    return 0;
}

int key_public(struct buf *out, const struct key *key, struct err *err)
{
    const int len = i2d_PUBKEY(key->pkey, NULL);
    uint8_t *at;

    if (len <= 0)
        return ossl_fail(err, ERR_CRYPTO, "cannot write a public key");
    at = buf_reserve(out, (size_t)len);
    out->len += (size_t)i2d_PUBKEY(key->pkey, &at);
    return 0;
}

int key_from_public(struct key **out, struct bytes der, struct err *err)
{
    const uint8_t *at = der.data;
    SCOPED(ossl_pkey_freep) EVP_PKEY *pkey = NULL;

    /* One curve, one form: then there is one encoding, and OpenSSL never sees
     * curve parameters made up by a stranger. */
    if (der.len != PUBLIC_SIZE ||
        memcmp(der.data, PUBLIC_HEAD, sizeof PUBLIC_HEAD) != 0)
        return err_set(err, ERR_MALFORMED, "not a P-256 public key");
    pkey = d2i_PUBKEY(NULL, &at, (long)der.len);
    if (pkey == NULL || at != der.data + der.len)
        return ossl_fail(err, ERR_MALFORMED, "not a P-256 public key");
    *out = wrap(TAKE(pkey));
    return 0;
}

int key_sign(
    struct buf *out, const struct key *key, struct bytes src, struct err *err)
{
    SCOPED(ossl_md_ctx_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    uint8_t *at = buf_reserve(out, MAX_SIGNATURE);
    size_t len = MAX_SIGNATURE;

    if (EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key->pkey) != 1 ||
        EVP_DigestSign(ctx, at, &len, src.data, src.len) != 1)
        return ossl_fail(err, ERR_CRYPTO, "cannot sign");
    out->len += len;
    return 0;
}

int key_verify(const struct key *key, struct bytes src, struct bytes signature,
    struct err *err)
{
    SCOPED(ossl_md_ctx_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();

    if (signature.len > MAX_SIGNATURE ||
        EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key->pkey) != 1 ||
        EVP_DigestVerify(
            ctx, signature.data, signature.len, src.data, src.len) != 1)
        return ossl_fail(err, ERR_SIGNATURE, "the signature does not fit");
    return 0;
}

void key_free(struct key *key)
{
    if (key == NULL)
        return;
    EVP_PKEY_free(key->pkey);
    free(key);
}
