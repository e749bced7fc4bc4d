/* seal: every other form of CMS that OpenSSL can make is refused, though it is
 * made with the right keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "crypto/ossl.h"
#include "crypto/seal.h"
#include "pki.h"

static const char TEXT[] = "a\nb";

static BIO *text(void)
{
    return BIO_new_mem_buf(TEXT, sizeof TEXT - 1);
}

static void take_bio(struct buf *out, BIO *bio)
{
    char *data = NULL;
    const long len = BIO_get_mem_data(bio, &data);

    buf_add(out, (struct bytes){(const uint8_t *)data, (size_t)len});
    BIO_free(bio);
}

/* Content that nobody signed, which CMS_final() would not do. */
static struct buf write_unsigned(CMS_ContentInfo *cms)
{
    struct buf out = BUF_EMPTY;
    BIO *memory = BIO_new(BIO_s_mem());

    CMS_set_detached(cms, 0);
    assert_int_equal(
        ASN1_OCTET_STRING_set(*CMS_get0_content(cms), (const uint8_t *)TEXT, 3),
        1);
    assert_int_equal(i2d_CMS_bio(memory, cms), 1);
    take_bio(&out, memory);
    CMS_ContentInfo_free(cms);
    return out;
}

/* Finish and write cms; flags has CMS_STREAM for BER, CMS_DETACHED for none of
 * the content. */
static struct buf write_form(CMS_ContentInfo *cms, unsigned flags)
{
    struct buf out = BUF_EMPTY;
    BIO *memory = BIO_new(BIO_s_mem());
    BIO *in = text();

    assert_non_null(cms);
    CMS_set_detached(cms, (flags & CMS_DETACHED) != 0);
    if ((flags & CMS_STREAM) != 0) {
        assert_int_equal(
            i2d_CMS_bio_stream(memory, cms, in, (int)(flags | CMS_BINARY)), 1);
    } else {
        assert_int_equal(CMS_final(cms, in, NULL, flags | CMS_BINARY), 1);
        assert_int_equal(i2d_CMS_bio(memory, cms), 1);
    }
    take_bio(&out, memory);
    BIO_free(in);
    CMS_ContentInfo_free(cms);
    return out;
}

/* An envelope; the first case is ours, each other differs in one thing. */
struct envelope_form {
    const char *reason; /* NULL: accepted */
    const EVP_CIPHER *cipher;
    const EVP_MD *kdf;
    const EVP_CIPHER *wrap; /* NULL: OpenSSL's choice */
    unsigned recipient;     /* flags */
    unsigned flags;
    int recipients;
    int rc;
};

static void add_recipient(
    CMS_ContentInfo *cms, const struct envelope_form *form, X509 *cert)
{
    CMS_RecipientInfo *info =
        CMS_add1_recipient_cert(cms, cert, form->recipient | CMS_KEY_PARAM);

    assert_non_null(info);
    assert_int_equal(EVP_PKEY_CTX_set_ecdh_kdf_md(
                         CMS_RecipientInfo_get0_pkey_ctx(info), form->kdf),
        1);
    if (form->wrap != NULL)
        assert_int_equal(
            EVP_EncryptInit_ex(CMS_RecipientInfo_kari_get0_ctx(info),
                form->wrap, NULL, NULL, NULL),
            1);
}

static struct buf make_envelope(
    const struct pki *pki, const struct envelope_form *form)
{
    const bool gcm = EVP_CIPHER_get_mode(form->cipher) == EVP_CIPH_GCM_MODE;
    CMS_ContentInfo *cms = gcm ? CMS_AuthEnvelopedData_create(form->cipher)
                               : CMS_EnvelopedData_create(form->cipher);

    for (int i = 0; i < form->recipients; i++)
        add_recipient(cms, form, pki->encrypt->x509);
    return write_form(cms, form->flags);
}

static void test_only_our_envelope_is_opened(void **state)
{
    const EVP_CIPHER *gcm = EVP_aes_256_gcm();
    const EVP_MD *sha256 = EVP_sha256();
    const struct envelope_form forms[] = {
        {NULL, gcm, sha256, NULL, CMS_USE_KEYID, 0, 1, 0},
        {"another kind", EVP_aes_256_cbc(), sha256, NULL, CMS_USE_KEYID, 0, 1,
            ERR_DENIED},
        {"wrapped key", EVP_aes_128_gcm(), sha256, EVP_aes_256_wrap(),
            CMS_USE_KEYID, 0, 1, ERR_DENIED},
        {"key agreement", gcm, EVP_sha1(), NULL, CMS_USE_KEYID, 0, 1,
            ERR_DENIED},
        {"key agreement", gcm, EVP_sha512(), NULL, CMS_USE_KEYID, 0, 1,
            ERR_DENIED},
        {"key agreement", gcm, sha256, EVP_aes_128_wrap(), CMS_USE_KEYID, 0, 1,
            ERR_DENIED},
        {"no key identifier", gcm, sha256, NULL, 0, 0, 1, ERR_DENIED},
        {"more than one recipient", gcm, sha256, NULL, CMS_USE_KEYID, 0, 2,
            ERR_DENIED},
        {"no encrypted content", gcm, sha256, NULL, CMS_USE_KEYID, CMS_DETACHED,
            1, ERR_DENIED},
        {"in DER", gcm, sha256, NULL, CMS_USE_KEYID, CMS_STREAM, 1,
            ERR_MALFORMED},
    };
    const struct pki *pki = *state;

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        SCOPED(buf_free) struct buf sealed = make_envelope(pki, &forms[i]);
        SCOPED(buf_free) struct buf out = BUF_EMPTY;
        struct err err = {0};

        assert_int_equal(seal_decrypt(&out, buf_bytes(&sealed),
                             pki->encrypt_key, pki->encrypt, &err),
            forms[i].rc);
        assert_int_equal(out.len, forms[i].rc == 0 ? sizeof TEXT - 1 : 0);
        if (forms[i].reason != NULL &&
            strstr(err.text, forms[i].reason) == NULL)
            fail_msg("%zu: %s", i, err.text);
    }
}

static void test_refuses_a_recipient_by_rsa(void **state)
{
    const struct pki *pki = *state;
    SCOPED(ossl_pkey_freep) EVP_PKEY *rsa = EVP_RSA_gen(2048);
    SCOPED(ossl_x509_freep) X509 *cert = X509_dup(pki->encrypt->x509);
    CMS_ContentInfo *cms = CMS_AuthEnvelopedData_create(EVP_aes_256_gcm());
    SCOPED(buf_free) struct buf sealed = BUF_EMPTY;
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    struct err err;

    assert_int_equal(X509_set_pubkey(cert, rsa), 1);
    assert_non_null(CMS_add1_recipient_cert(cms, cert, CMS_USE_KEYID));
    sealed = write_form(cms, 0);
    assert_int_equal(seal_decrypt(&out, buf_bytes(&sealed), pki->encrypt_key,
                         pki->encrypt, &err),
        ERR_DENIED);
    assert_non_null(strstr(err.text, "not by key agreement"));
}

/* 04 x y may also be written 06 x y or 07 x y: OpenSSL would take it. */
static void test_refuses_another_spelling_of_the_senders_key(void **state)
{
    static const uint8_t head[] = {0x03, 0x42, 0x00, 0x04};
    const struct pki *pki = *state;
    SCOPED(buf_free) struct buf sealed = BUF_EMPTY;
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    uint8_t *point;
    struct err err;

    assert_int_equal(
        seal_encrypt(&sealed, bytes_of(TEXT), pki->encrypt, NULL), 0);
    point = memmem(sealed.data, sealed.len, head, sizeof head);
    assert_non_null(point);
    point[3] = (uint8_t)(6 | (point[3 + 64] & 1));
    assert_int_equal(seal_decrypt(&out, buf_bytes(&sealed), pki->encrypt_key,
                         pki->encrypt, &err),
        ERR_DENIED);
    assert_non_null(strstr(err.text, "sender's key"));
}

struct signed_form {
    const char *reason; /* NULL: accepted */
    const EVP_MD *digest;
    unsigned signer; /* flags; CMS_NOCERTS is in none: see below */
    unsigned flags;
    int signers;
    int type; /* NID */
    int rc;
};

static struct buf make_signed(
    const struct pki *pki, const struct signed_form *form)
{
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL,
        CMS_PARTIAL | CMS_BINARY | (form->flags & CMS_STREAM));

    CMS_set1_eContentType(cms, OBJ_nid2obj(form->type));
    for (int i = 0; i < form->signers; i++)
        assert_non_null(CMS_add1_signer(cms, pki->sign->x509,
            pki->sign_key->pkey, form->digest, form->signer | CMS_PARTIAL));
    return form->signers == 0 ? write_unsigned(cms)
                              : write_form(cms, form->flags);
}

static void test_only_our_signed_data_is_accepted(void **state)
{
    const unsigned plain = CMS_NOCERTS | CMS_USE_KEYID | CMS_NOSMIMECAP;
    const EVP_MD *sha256 = EVP_sha256();
    const int data = NID_pkcs7_data;
    const struct signed_form forms[] = {
        {NULL, sha256, plain, 0, 1, data, 0},
        {"signed attributes", sha256, plain & ~(unsigned)CMS_NOSMIMECAP, 0, 1,
            data, ERR_MALFORMED},
        {"digest is not SHA-256", EVP_sha384(), plain, 0, 1, data,
            ERR_MALFORMED},
        {"digest is not SHA-256", EVP_sha1(), plain, 0, 1, data, ERR_MALFORMED},
        {"no signed attributes", sha256, plain | CMS_NOATTR, 0, 1, data,
            ERR_MALFORMED},
        {"version", sha256, CMS_NOCERTS | CMS_NOSMIMECAP, 0, 1, data,
            ERR_MALFORMED},
        {"no signer", sha256, CMS_USE_KEYID | CMS_NOSMIMECAP, 0, 1, data,
            ERR_MALFORMED},
        {"more than one signer", sha256, plain, 0, 2, data, ERR_MALFORMED},
        {"version", sha256, plain, 0, 0, data, ERR_MALFORMED},
        {"detached", sha256, plain, CMS_DETACHED, 1, data, ERR_MALFORMED},
        {"in DER", sha256, plain, CMS_STREAM, 1, data, ERR_MALFORMED},
        {"type of the content", sha256, plain, 0, 1, NID_id_smime_ct_TSTInfo,
            ERR_MALFORMED},
    };
    const struct pki *pki = *state;

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        SCOPED(buf_free) struct buf made = make_signed(pki, &forms[i]);
        SCOPED(buf_free) struct buf out = BUF_EMPTY;
        struct err err = {0};

        if (seal_verify(&out, NULL, buf_bytes(&made), pki->sign, &err) !=
            forms[i].rc)
            fail_msg("%zu: %s", i, err.text);
        assert_int_equal(out.len, forms[i].rc == 0 ? sizeof TEXT - 1 : 0);
        if (forms[i].reason != NULL &&
            strstr(err.text, forms[i].reason) == NULL)
            fail_msg("%zu: %s", i, err.text);
    }
}

/* A third party that opens a batch may seal it again, but cannot pass it off
 * as sealed data of another kind. */
static void test_signed_and_sealed_are_not_taken_for_each_other(void **state)
{
    const struct pki *pki = *state;
    SCOPED(buf_free) struct buf inner = BUF_EMPTY;
    SCOPED(buf_free) struct buf sealed = BUF_EMPTY;
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    struct err err;

    assert_int_equal(
        seal_sign(&inner, NULL, bytes_of(TEXT), pki->sign_key, pki->sign, NULL),
        0);
    assert_int_equal(
        seal_encrypt(&sealed, bytes_of(TEXT), pki->encrypt, NULL), 0);
    assert_int_equal(seal_decrypt(&out, buf_bytes(&inner), pki->encrypt_key,
                         pki->encrypt, &err),
        ERR_DENIED);
    assert_int_equal(
        seal_verify(&out, NULL, buf_bytes(&sealed), pki->sign, &err),
        ERR_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_our_envelope_is_opened),
        cmocka_unit_test(test_refuses_a_recipient_by_rsa),
        cmocka_unit_test(test_refuses_another_spelling_of_the_senders_key),
        cmocka_unit_test(test_only_our_signed_data_is_accepted),
        cmocka_unit_test(test_signed_and_sealed_are_not_taken_for_each_other),
    };

    return cmocka_run_group_tests(tests, pki_begin, pki_end);
}
