#include "crypto/seal.h"

#include "base/err.h"
#include "crypto/ossl.h"
#include "crypto/shape.h"

#define MAX_CONTENT (SEAL_MAX_SIZE - SEAL_OVERHEAD)

static void certs_freep(STACK_OF(X509) * *certs)
{
    sk_X509_free(*certs); /* not what is in it */
}

static int check_size(struct bytes src, size_t limit, struct err *err)
{
    if (src.len > limit)
        return err_set(err, ERR_TOO_BIG, "message of %zu bytes, limit %zu",
            src.len, limit);
    return 0;
}

static bool may_sign(const struct cert *cert)
{
    return cert->profile == CERT_SIGN || cert->profile == CERT_DIRECTORY ||
           cert->profile == CERT_HUB;
}

/* cert is the one that this key identifier names. */
static bool is_named(const struct cert *cert, struct bytes key_id)
{
    const ASN1_OCTET_STRING *own = X509_get0_subject_key_id(cert->x509);

    return own != NULL && (size_t)ASN1_STRING_length(own) == key_id.len &&
           memcmp(ASN1_STRING_get0_data(own), key_id.data, key_id.len) == 0;
}

/* CMS as DER, straight into out. */
static bool write_cms(struct buf *out, CMS_ContentInfo *cms)
{
    const int len = i2d_CMS_ContentInfo(cms, NULL);
    uint8_t *at;

    if (len <= 0)
        return false;
    at = buf_reserve(out, (size_t)len);
    if (i2d_CMS_ContentInfo(cms, &at) != len)
        return false;
    out->len += (size_t)len;
    return true;
}

static CMS_ContentInfo *read_cms(struct bytes src)
{
    const uint8_t *at = src.data;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)src.len);

    if (cms != NULL && at != src.data + src.len) {
        CMS_ContentInfo_free(cms);
        return NULL;
    }
    return cms;
}

/* The digest that was signed, so that nobody need compute it again. */
static bool signed_digest(struct digest *out, CMS_ContentInfo *cms)
{
    CMS_SignerInfo *signer =
        sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
    const ASN1_OCTET_STRING *digest = CMS_signed_get0_data_by_OBJ(
        signer, OBJ_nid2obj(NID_pkcs9_messageDigest), -3, V_ASN1_OCTET_STRING);

    if (digest == NULL || ASN1_STRING_length(digest) != DIGEST_SIZE)
        return false;
    memcpy(out->bytes, ASN1_STRING_get0_data(digest), DIGEST_SIZE);
    return true;
}

/* As if detached, so that the content is hashed where it lies; OpenSSL's own
 * way copies it in pieces of 1 KB first. */
static bool sign_content(CMS_ContentInfo *cms, struct bytes content)
{
    SCOPED(ossl_bio_freep) BIO *hash = NULL;

    CMS_set_detached(cms, 1);
    hash = CMS_dataInit(cms, NULL);
    return hash != NULL &&
           BIO_write(hash, content.data, (int)content.len) ==
               (int)content.len &&
           CMS_dataFinal(cms, hash) == 1;
}

/* Without this the message would go out empty. */
static bool attach(CMS_ContentInfo *cms, struct bytes content)
{
    return CMS_set_detached(cms, 0) == 1 &&
           ASN1_OCTET_STRING_set(
               *CMS_get0_content(cms), content.data, (int)content.len) == 1;
}

int seal_sign(struct buf *out, struct digest *digest, struct bytes content,
    const struct key *key, const struct cert *cert, struct err *err)
{
    static const unsigned flags =
        CMS_BINARY | CMS_PARTIAL | CMS_NOCERTS | CMS_USE_KEYID | CMS_NOSMIMECAP;
    SCOPED(ossl_cms_freep) CMS_ContentInfo *cms = NULL;
    struct digest unwanted;
    int rc = check_size(content, SEAL_MAX_SIGNED - SEAL_OVERHEAD, err);

    if (rc < 0)
        return rc;
    if (!may_sign(cert))
        return err_set(
            err, ERR_CERTIFICATE, "the certificate is not for signing");
    cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
    if (cms == NULL ||
        CMS_add1_signer(cms, cert->x509, key->pkey, EVP_sha256(), flags) ==
            NULL ||
        !sign_content(cms, content) || !attach(cms, content) ||
        !signed_digest(digest == NULL ? &unwanted : digest, cms) ||
        !write_cms(out, cms))
        return ossl_fail(err, ERR_CRYPTO, "cannot sign");
    ossl_forget_errors();
    return 0;
}

static bool add_recipient(CMS_ContentInfo *cms, const struct cert *cert)
{
    CMS_RecipientInfo *recipient =
        CMS_add1_recipient_cert(cms, cert->x509, CMS_USE_KEYID | CMS_KEY_PARAM);
    EVP_PKEY_CTX *params =
        recipient == NULL ? NULL : CMS_RecipientInfo_get0_pkey_ctx(recipient);

    /* The default is SHA-1. */
    return params != NULL &&
           EVP_PKEY_CTX_set_ecdh_kdf_md(params, EVP_sha256()) == 1;
}

/* One allocation instead of a doubling for every few kilobytes. */
static bool make_room(BIO *chain, size_t len)
{
    BIO *memory = BIO_find_type(chain, BIO_TYPE_MEM);
    BUF_MEM *room = NULL;

    if (memory == NULL || BIO_get_mem_ptr(memory, &room) != 1 ||
        BUF_MEM_grow(room, len) == 0)
        return false;
    room->length = 0;
    return true;
}

static bool encrypt_content(CMS_ContentInfo *cms, struct bytes content)
{
    SCOPED(ossl_bio_freep) BIO *cipher = NULL;

    if (CMS_set_detached(cms, 0) != 1) /* or the content is dropped */
        return false;
    cipher = CMS_dataInit(cms, NULL);
    return cipher != NULL && make_room(cipher, content.len) &&
           BIO_write(cipher, content.data, (int)content.len) ==
               (int)content.len &&
           BIO_flush(cipher) == 1 && CMS_dataFinal(cms, cipher) == 1;
}

int seal_encrypt(struct buf *out, struct bytes signed_content,
    const struct cert *recipient, struct err *err)
{
    SCOPED(ossl_cms_freep) CMS_ContentInfo *cms = NULL;
    int rc = check_size(signed_content, MAX_CONTENT, err);

    if (rc < 0)
        return rc;
    if (recipient->profile != CERT_ENCRYPT)
        return err_set(
            err, ERR_CERTIFICATE, "the certificate is not for encryption");
    cms = CMS_AuthEnvelopedData_create(EVP_aes_256_gcm());
    if (cms == NULL || !add_recipient(cms, recipient) ||
        !encrypt_content(cms, signed_content) || !write_cms(out, cms))
        return ossl_fail(err, ERR_CRYPTO, "cannot encrypt");
    ossl_forget_errors();
    return 0;
}

/* True when all len bytes came out and the tag fits them. */
static bool decrypt_content(uint8_t *out, size_t len, CMS_ContentInfo *cms)
{
    SCOPED(ossl_bio_freep) BIO *cipher = CMS_dataInit(cms, NULL);
    size_t done = 0;
    uint8_t end;

    if (cipher == NULL)
        return false;
    while (done < len) {
        const int n = BIO_read(cipher, out + done, (int)(len - done));

        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return BIO_read(cipher, &end, 1) <= 0 && BIO_get_cipher_status(cipher) == 1;
}

int seal_decrypt(struct buf *out, struct bytes sealed, const struct key *key,
    const struct cert *cert, struct err *err)
{
    SCOPED(ossl_cms_freep) CMS_ContentInfo *cms = NULL;
    struct shape_envelope shape;
    uint8_t *at;
    int rc = check_size(sealed, SEAL_MAX_SIZE, err);

    if (rc == 0)
        rc = shape_envelope(&shape, sealed, err);
    if (rc < 0)
        return rc;
    if (!is_named(cert, shape.recipient))
        return err_set(err, ERR_DECRYPT, "sealed for another key");
    cms = read_cms(sealed);
    if (cms == NULL ||
        OBJ_obj2nid(CMS_get0_type(cms)) != NID_id_smime_ct_authEnvelopedData)
        return ossl_fail(err, ERR_MALFORMED, "not a CMS message");
    at = buf_reserve(out, shape.content.len);
    if (CMS_decrypt_set1_pkey(cms, key->pkey, cert->x509) != 1 ||
        !decrypt_content(at, shape.content.len, cms)) {
        OPENSSL_cleanse(at, shape.content.len);
        return ossl_fail(
            err, ERR_DECRYPT, "cannot be opened: altered, or for another key");
    }
    out->len += shape.content.len;
    ossl_forget_errors();
    return 0;
}

/* The signature is by cert and by nobody else; its chain is the caller's. */
static bool is_signed_by(CMS_ContentInfo *cms, const struct cert *cert)
{
    SCOPED(certs_freep) STACK_OF(X509) *certs = sk_X509_new_null();

    return certs != NULL && sk_X509_push(certs, cert->x509) == 1 &&
           CMS_verify(cms, certs, NULL, NULL, NULL,
               CMS_BINARY | CMS_NOINTERN | CMS_NO_SIGNER_CERT_VERIFY) == 1;
}

int seal_verify_within(struct bytes *content, struct digest *digest,
    struct bytes signed_content, const struct cert *cert, struct err *err)
{
    SCOPED(ossl_cms_freep) CMS_ContentInfo *cms = NULL;
    struct shape_signed shape;
    int rc = check_size(signed_content, SEAL_MAX_SIGNED, err);

    if (rc == 0)
        rc = shape_signed(&shape, signed_content, err);
    if (rc < 0)
        return rc;
    if (!may_sign(cert))
        return err_set(
            err, ERR_CERTIFICATE, "the certificate is not for signing");
    if (!is_named(cert, shape.signer))
        return err_set(err, ERR_SIGNATURE, "signed by another key");
    cms = read_cms(signed_content);
    if (cms == NULL)
        return ossl_fail(err, ERR_MALFORMED, "not a CMS message");
    if (!is_signed_by(cms, cert))
        return ossl_fail(err, ERR_SIGNATURE, "the signature does not fit");
    if (digest != NULL)
        memcpy(digest->bytes, shape.digest.data, DIGEST_SIZE);
    *content = shape.content;
    ossl_forget_errors();
    return 0;
}

int seal_verify(struct buf *out, struct digest *digest,
    struct bytes signed_content, const struct cert *cert, struct err *err)
{
    struct bytes content;
    int rc = seal_verify_within(&content, digest, signed_content, cert, err);

    if (rc == 0)
        buf_add(out, content);
    return rc;
}
