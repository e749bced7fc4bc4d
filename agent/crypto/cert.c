#include "crypto/cert.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/mem.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "crypto/ossl.h"
#include "crypto/profile.h"

#define MAX_PEM (2 * CERT_MAX_DER) /* base64, marks, a few words before */
#define SERIAL_SIZE 16
#define MAX_NAME_CHARACTERS 64 /* RFC 5280, ub-common-name */

static void bn_freep(BIGNUM **bn)
{
    BN_free(*bn);
}

static bool read_time(wall *out, const ASN1_TIME *src)
{
    struct tm tm;

    if (ASN1_TIME_to_tm(src, &tm) != 1)
        return false;
    out->ms = (int64_t)timegm(&tm) * 1000;
    return true;
}

/* The profile it meets, 0 for none. */
static enum cert_profile find_profile(X509 *x509)
{
    for (enum cert_profile p = CERT_AUTHORITY; p <= CERT_HUB; p++)
        if (profile_flaw(x509, p) == NULL)
            return p;
    return 0;
}

/* Takes x509.  Everything a message will ask is worked out here, once. */
static int adopt(struct cert **out, X509 *x509, struct bytes der)
{
    SCOPED(cert_freep) struct cert *cert = mem_alloc(sizeof *cert);

    cert->x509 = x509;
    cert->der = mem_copy(der);
    cert->der_len = der.len;
    hash_sha256(&cert->id, der);
    if (!read_time(&cert->from, X509_get0_notBefore(x509)) ||
        !read_time(&cert->until, X509_get0_notAfter(x509)))
        return ERR_MALFORMED;
    cert->profile = find_profile(x509);
    *out = TAKE(cert);
    return 0;
}

/* The DER that OpenSSL would write for x509 is exactly der. */
static bool is_canonical(X509 *x509, struct bytes der)
{
    uint8_t *again = NULL;
    const int len = i2d_X509(x509, &again);
    const bool same = len > 0 && (size_t)len == der.len &&
                      memcmp(again, der.data, der.len) == 0;

    OPENSSL_free(again);
    return same;
}

int cert_parse(struct cert **out, struct bytes der, struct err *err)
{
    const uint8_t *at = der.data;
    SCOPED(ossl_x509_freep) X509 *x509 = NULL;

    if (der.len > CERT_MAX_DER)
        return err_set(err, ERR_TOO_BIG, "certificate of %zu bytes, limit %zu",
            der.len, CERT_MAX_DER);
    x509 = d2i_X509(NULL, &at, (long)der.len);
    if (x509 == NULL)
        return ossl_fail(err, ERR_MALFORMED, "not a certificate");
    if (at != der.data + der.len)
        return ossl_fail(err, ERR_MALFORMED, "bytes behind a certificate");
    if (!is_canonical(x509, der))
        return ossl_fail(err, ERR_MALFORMED, "certificate is not DER");
    if (adopt(out, TAKE(x509), der) < 0)
        return ossl_fail(err, ERR_MALFORMED, "certificate with a bad date");
    ossl_forget_errors();
    return 0;
}

int cert_parse_any(struct cert **out, struct bytes src, struct err *err)
{
    SCOPED(ossl_bio_freep) BIO *bio = NULL;
    SCOPED(ossl_x509_freep) X509 *x509 = NULL;
    uint8_t *der = NULL;
    int len;
    int rc;

    if (src.len > 0 && src.data[0] == 0x30) /* SEQUENCE: DER, and not text */
        return cert_parse(out, src, err);
    if (src.len > MAX_PEM)
        return err_set(err, ERR_TOO_BIG,
            "certificate file of %zu bytes, limit %zu", src.len, MAX_PEM);
    bio = BIO_new_mem_buf(src.data, (int)src.len);
    x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    len = x509 == NULL ? -1 : i2d_X509(x509, &der);
    if (len < 0)
        return ossl_fail(err, ERR_MALFORMED, "not a certificate");
    rc = cert_parse(out, (struct bytes){der, (size_t)len}, err);
    OPENSSL_free(der);
    return rc;
}

struct bytes cert_der(const struct cert *cert)
{
    return (struct bytes){cert->der, cert->der_len};
}

int cert_pem(struct buf *out, const struct cert *cert, struct err *err)
{
    SCOPED(ossl_bio_freep) BIO *bio = BIO_new(BIO_s_mem());
    char *pem = NULL;
    long len;

    if (PEM_write_bio_X509(bio, cert->x509) != 1)
        return ossl_fail(err, ERR_CRYPTO, "cannot write a certificate");
    len = BIO_get_mem_data(bio, &pem);
    buf_add(out, (struct bytes){(const uint8_t *)pem, (size_t)len});
    return 0;
}

static bool set_serial(X509 *x509)
{
    uint8_t random[SERIAL_SIZE];
    SCOPED(bn_freep) BIGNUM *bn = NULL;

    hash_random(random, sizeof random);
    bn = BN_bin2bn(random, sizeof random, NULL);
    return bn != NULL &&
           BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(x509)) != NULL;
}

/* Bytes of text up to its 64th character: X.509 allows no longer name. */
static int name_len(const char *text)
{
    int characters = 0;
    int len = 0;

    for (; text[len] != '\0'; len++) {
        if (((uint8_t)text[len] & 0xc0) == 0x80)
            continue; /* inside a character */
        if (characters++ == MAX_NAME_CHARACTERS)
            break;
    }
    return len;
}

static bool set_names(
    X509 *x509, const struct cert_subject *subject, const struct cert *issuer)
{
    X509_NAME *name = X509_get_subject_name(x509);
    const char *cn = subject->common_name;
    const char *o = subject->organisation;

    return X509_NAME_add_entry_by_NID(name, NID_organizationName, MBSTRING_UTF8,
               (const uint8_t *)o, name_len(o), -1, 0) == 1 &&
           X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
               (const uint8_t *)cn, name_len(cn), -1, 0) == 1 &&
           X509_set_issuer_name(x509,
               issuer == NULL ? name : X509_get_subject_name(issuer->x509)) ==
               1;
}

static bool set_times(X509 *x509, wall from, wall until)
{
    return ASN1_TIME_set(X509_getm_notBefore(x509), from.ms / 1000) != NULL &&
           ASN1_TIME_set(X509_getm_notAfter(x509), until.ms / 1000) != NULL;
}

static int finish(struct cert **out, X509 *x509, struct err *err)
{
    uint8_t *der = NULL;
    const int len = i2d_X509(x509, &der);
    int rc;

    if (len < 0)
        return ossl_fail(err, ERR_CRYPTO, "cannot write a certificate");
    rc = cert_parse(out, (struct bytes){der, (size_t)len}, err);
    OPENSSL_free(der);
    return rc < 0 ? err_set(err, ERR_CRYPTO,
                        "made a certificate that cannot "
                        "be read")
                  : 0;
}

int cert_issue(struct cert **out, enum cert_profile profile,
    const struct cert_subject *subject, const struct key *subject_key,
    const struct cert *issuer, const struct key *issuer_key, wall from,
    wall until, struct err *err)
{
    SCOPED(ossl_x509_freep) X509 *x509 = X509_new();

    if ((issuer == NULL) != (profile == CERT_AUTHORITY))
        return err_set(err, ERR_CRYPTO,
            "only an authority's certificate is signed by itself");
    if (x509 == NULL || X509_set_version(x509, X509_VERSION_3) != 1 ||
        !set_serial(x509) || !set_names(x509, subject, issuer) ||
        !set_times(x509, from, until) ||
        X509_set_pubkey(x509, subject_key->pkey) != 1 ||
        !profile_apply(x509, issuer == NULL ? x509 : issuer->x509, profile) ||
        X509_sign(x509, issuer_key->pkey, EVP_sha256()) <= 0)
        return ossl_fail(err, ERR_CRYPTO, "cannot issue a certificate");
    return finish(out, x509, err);
}

/* By the authority's key, and naming it. */
static bool is_signed_by(const struct cert *cert, const struct cert *authority)
{
    return authority->profile == CERT_AUTHORITY &&
           X509_check_issued(authority->x509, cert->x509) == X509_V_OK &&
           X509_verify(cert->x509, X509_get0_pubkey(authority->x509)) == 1;
}

int cert_check(struct cert *cert, const struct cert *authority,
    enum cert_profile profile, struct err *err)
{
    if (cert->profile != profile) {
        const char *flaw = profile_flaw(cert->x509, profile);

        ossl_forget_errors();
        return err_set(
            err, ERR_CERTIFICATE, "not %s: %s", profile_name(profile), flaw);
    }
    if (cert->checked &&
        memcmp(&cert->checked_by, &authority->id, sizeof authority->id) == 0)
        return 0;
    if (!is_signed_by(cert, authority))
        return ossl_fail(err, ERR_CERTIFICATE,
            "the certificate was not issued by this authority");
    cert->checked = true;
    cert->checked_by = authority->id;
    return 0;
}

int cert_check_time(const struct cert *cert, wall now, struct err *err)
{
    char text[CLOCK_TEXT_SIZE];

    if (now.ms < cert->from.ms)
        return err_set(err, ERR_CERTIFICATE,
            "the certificate is not valid before %s",
            clock_format(cert->from, text));
    if (now.ms > cert->until.ms)
        return err_set(err, ERR_CERTIFICATE, "the certificate expired on %s",
            clock_format(cert->until, text));
    return 0;
}

wall cert_start(const struct cert *cert)
{
    return cert->from;
}

int cert_key(struct key **out, const struct cert *cert, struct err *err)
{
    uint8_t *der = NULL;
    const int len = i2d_PUBKEY(X509_get0_pubkey(cert->x509), &der);
    int rc;

    if (len < 0)
        return ossl_fail(err, ERR_CRYPTO, "a certificate without a key");
    rc = key_from_public(out, (struct bytes){der, (size_t)len}, err);
    OPENSSL_free(der);
    return rc;
}

wall cert_expiry(const struct cert *cert)
{
    return cert->until;
}

bool cert_matches(const struct cert *cert, const struct key *key)
{
    const EVP_PKEY *certified = X509_get0_pubkey(cert->x509);
    const bool same =
        certified != NULL && EVP_PKEY_eq(certified, key->pkey) == 1;

    ossl_forget_errors();
    return same;
}

void cert_free(struct cert *cert)
{
    if (cert == NULL)
        return;
    X509_free(cert->x509);
    free(cert->der);
    free(cert);
}
