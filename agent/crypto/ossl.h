/*
 * ossl - what the files of this room share: the structs behind their handles,
 * OpenSSL's frees as scope guards, and its error queue turned into our error.
 *
 * Private to this room.
 */
#ifndef CRYPTO_OSSL_H
#define CRYPTO_OSSL_H

/* OpenSSL has a type ERR_STATE, base/err.h a code: this room's files include
 * OpenSSL through here and nowhere else, so that both may keep their names. */
#define ERR_STATE ossl_unused_err_state
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#undef ERR_STATE

#include "base/bytes.h"
#include "base/err.h"
#include "crypto/cert.h"

struct key {
    EVP_PKEY *pkey; /* always EC P-256 */
};

struct cert {
    X509 *x509;
    uint8_t *der; /* as parsed or issued */
    size_t der_len;
    struct digest id; /* SHA-256 of der */
    wall from;        /* both to the second */
    wall until;
    enum cert_profile profile; /* the one it meets, 0: none of ours */
    bool checked;              /* cert_check() found nothing, ... */
    struct digest checked_by;  /* ... this authority having signed it */
};

/** Record a failure with OpenSSL's own reason behind `what`, and empty its
 * error queue, so that the next failure is not blamed on this one.
 * Returns code. */
int ossl_fail(struct err *err, enum err_code code, const char *what);

/** Empty the error queue after a success: OpenSSL leaves traces of what it
 * tried first. */
void ossl_forget_errors(void);

/** True when pkey (may be NULL) is on the curve P-256, named and not spelt
 * out. */
bool ossl_is_p256(const EVP_PKEY *pkey);

/* For SCOPED. */
static inline void ossl_bio_freep(BIO **bio)
{
    BIO_free_all(*bio);
}

static inline void ossl_cms_freep(CMS_ContentInfo **cms)
{
    CMS_ContentInfo_free(*cms);
}

static inline void ossl_pkey_freep(EVP_PKEY **pkey)
{
    EVP_PKEY_free(*pkey);
}

static inline void ossl_x509_freep(X509 **x509)
{
    X509_free(*x509);
}

static inline void ossl_md_ctx_freep(EVP_MD_CTX **ctx)
{
    EVP_MD_CTX_free(*ctx);
}

static inline void ossl_object_freep(ASN1_OBJECT **object)
{
    ASN1_OBJECT_free(*object);
}

#endif
