#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "crypto/ossl.h"
#include "pki.h"

#define OWN "2.25.255877800952003914677339422025314125861"

static void drop(X509 *cert, int nid)
{
    const int at = X509_get_ext_by_NID(cert, nid, -1);

    if (at >= 0)
        X509_EXTENSION_free(X509_delete_ext(cert, at));
}

static void add(X509 *cert, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509_EXTENSION *extension;

    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, cert, cert, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    assert_non_null(extension);
    assert_int_equal(X509_add_ext(cert, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static void replace(X509 *cert, int nid, const char *value)
{
    drop(cert, nid);
    add(cert, nid, value);
}

static void another_eku(X509 *cert)
{
    replace(cert, NID_ext_key_usage, "critical,emailProtection");
}

static void two_ekus(X509 *cert)
{
    replace(cert, NID_ext_key_usage, "critical," OWN ".1," OWN ".2");
}

static void any_eku(X509 *cert)
{
    replace(cert, NID_ext_key_usage, "anyExtendedKeyUsage");
}

static void no_eku(X509 *cert)
{
    drop(cert, NID_ext_key_usage);
}

static void eku_twice(X509 *cert)
{
    add(cert, NID_ext_key_usage, "critical," OWN ".1");
}

static void more_usage(X509 *cert)
{
    replace(cert, NID_key_usage, "critical,digitalSignature,keyAgreement");
}

static void usage_not_critical(X509 *cert)
{
    replace(cert, NID_key_usage, "digitalSignature");
}

static void no_usage(X509 *cert)
{
    drop(cert, NID_key_usage);
}

static void a_ca(X509 *cert)
{
    replace(cert, NID_basic_constraints, "critical,CA:TRUE");
}

static void no_constraints(X509 *cert)
{
    drop(cert, NID_basic_constraints);
}

static void no_key_id(X509 *cert)
{
    drop(cert, NID_subject_key_identifier);
}

static void unknown_critical(X509 *cert)
{
    add(cert, NID_netscape_comment, "critical,hello");
}

static void version_2(X509 *cert)
{
    X509_set_version(cert, X509_VERSION_2);
}

static void other_issuer(X509 *cert)
{
    X509_set_issuer_name(cert, X509_get_subject_name(cert));
}

static void use_key(X509 *cert, EVP_PKEY *key)
{
    X509_set_pubkey(cert, key);
    EVP_PKEY_free(key);
}

static void rsa_key(X509 *cert)
{
    use_key(cert, EVP_RSA_gen(2048));
}

static void p384_key(X509 *cert)
{
    use_key(cert, EVP_EC_gen("P-384"));
}

static struct buf forge(const struct pki *pki, const struct cert *from,
    void (*alter)(X509 *), const EVP_MD *digest)
{
    SCOPED(ossl_x509_freep) X509 *x509 = X509_dup(from->x509);
    struct buf der = BUF_EMPTY;
    uint8_t *at = buf_reserve(&der, CERT_MAX_DER);

    if (alter != NULL)
        alter(x509);
    assert_true(X509_sign(x509, pki->authority_key->pkey, digest) > 0);
    der.len = (size_t)i2d_X509(x509, &at);
    return der;
}

static void test_refuses_what_a_profile_does_not_say(void **state)
{
    const struct {
        void (*alter)(X509 *);
        const EVP_MD *digest;
        const char *reason;
    } cases[] = {
        {another_eku, EVP_sha256(), "wrong extended key usage"},
        {two_ekus, EVP_sha256(), "wrong extended key usage"},
        {any_eku, EVP_sha256(), "wrong extended key usage"},
        {no_eku, EVP_sha256(), "wrong extended key usage"},
        {eku_twice, EVP_sha256(), "an extension cannot be read"},
        {more_usage, EVP_sha256(), "wrong key usage"},
        {usage_not_critical, EVP_sha256(), "wrong key usage"},
        {no_usage, EVP_sha256(), "wrong key usage"},
        {a_ca, EVP_sha256(), "wrong basic constraints"},
        {no_constraints, EVP_sha256(), "wrong basic constraints"},
        {no_key_id, EVP_sha256(), "no subject key identifier"},
        {unknown_critical, EVP_sha256(), "not known here"},
        {version_2, EVP_sha256(), "not version 3"},
        {rsa_key, EVP_sha256(), "not on P-256"},
        {p384_key, EVP_sha256(), "not on P-256"},
        {other_issuer, EVP_sha256(), "not issued by this authority"},
        {NULL, EVP_sha384(), "another method"},
        {NULL, EVP_sha1(), "another method"},
        {NULL, EVP_sha256(), NULL},
    };
    const struct pki *pki = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SCOPED(buf_free)
        struct buf der = forge(pki, pki->sign, cases[i].alter, cases[i].digest);
        SCOPED(cert_freep) struct cert *cert = NULL;
        struct err err = {0};
        int rc;

        assert_int_equal(cert_parse(&cert, buf_bytes(&der), &err), 0);
        rc = cert_check(cert, pki->authority, CERT_SIGN, &err);
        assert_int_equal(rc, cases[i].reason == NULL ? 0 : ERR_CERTIFICATE);
        if (rc < 0 && strstr(err.text, cases[i].reason) == NULL)
            fail_msg("%zu: %s", i, err.text);
    }
}

static void test_each_certificate_meets_its_own_profile_only(void **state)
{
    const struct pki *pki = *state;
    struct cert *const certs[] = {
        pki->authority, pki->sign, pki->encrypt, pki->directory, pki->hub};

    for (enum cert_profile is = CERT_AUTHORITY; is <= CERT_HUB; is++)
        for (enum cert_profile as = CERT_AUTHORITY; as <= CERT_HUB; as++)
            assert_int_equal(
                cert_check(certs[is - 1], pki->authority, as, NULL),
                is == as ? 0 : ERR_CERTIFICATE);
}

static void test_refuses_another_authority_of_the_same_name(void **state)
{
    const struct pki *pki = *state;
    struct pki other;
    struct err err;

    pki_make(&other);
    /* also when the right one was asked before: what is remembered is who */
    assert_int_equal(cert_check(pki->sign, pki->authority, CERT_SIGN, NULL), 0);
    assert_int_equal(cert_check(pki->sign, other.authority, CERT_SIGN, &err),
        ERR_CERTIFICATE);
    assert_int_equal(cert_check(pki->sign, pki->authority, CERT_SIGN, NULL), 0);
    assert_int_equal(
        cert_check(other.authority, pki->authority, CERT_AUTHORITY, &err),
        ERR_CERTIFICATE);
    pki_free(&other);
}

static void test_a_school_cannot_issue(void **state)
{
    const struct pki *pki = *state;
    const struct cert_subject subject = {"8732009 Invented", "Anytown"};
    SCOPED(cert_freep) struct cert *cert = NULL;
    struct err err;

    assert_int_equal(cert_issue(&cert, CERT_SIGN, &subject, pki->sign_key,
                         pki->sign, pki->sign_key, PKI_FROM, PKI_UNTIL, NULL),
        0);
    assert_int_equal(
        cert_check(cert, pki->sign, CERT_SIGN, &err), ERR_CERTIFICATE);
    assert_int_equal(
        cert_check(cert, pki->authority, CERT_SIGN, &err), ERR_CERTIFICATE);
}

static void no_path_limit(X509 *cert)
{
    replace(cert, NID_basic_constraints, "critical,CA:TRUE");
}

static void test_refuses_an_authority_that_is_none_of_ours(void **state)
{
    const struct pki *pki = *state;
    SCOPED(buf_free)
    struct buf der = forge(pki, pki->authority, no_path_limit, EVP_sha256());
    SCOPED(buf_free)
    struct buf school = forge(pki, pki->sign, NULL, EVP_sha256());
    SCOPED(cert_freep) struct cert *authority = NULL;
    SCOPED(cert_freep) struct cert *cert = NULL;

    assert_int_equal(cert_parse(&authority, buf_bytes(&der), NULL), 0);
    assert_int_equal(cert_parse(&cert, buf_bytes(&school), NULL), 0);
    assert_int_equal(
        cert_check(cert, authority, CERT_SIGN, NULL), ERR_CERTIFICATE);
    assert_int_equal(cert_check(cert, pki->authority, CERT_SIGN, NULL), 0);
}

static void test_only_an_authority_signs_itself(void **state)
{
    const struct pki *pki = *state;
    const struct cert_subject subject = {"A", "B"};
    struct cert *cert = NULL;

    assert_int_equal(cert_issue(&cert, CERT_SIGN, &subject, pki->sign_key, NULL,
                         pki->sign_key, PKI_FROM, PKI_UNTIL, NULL),
        ERR_CRYPTO);
    assert_int_equal(
        cert_issue(&cert, CERT_AUTHORITY, &subject, pki->sign_key,
            pki->authority, pki->authority_key, PKI_FROM, PKI_UNTIL, NULL),
        ERR_CRYPTO);
    assert_null(cert);
}

static void test_says_when_a_certificate_is_not_valid(void **state)
{
    const struct pki *pki = *state;
    struct err err;

    assert_int_equal(cert_check_time(pki->sign, PKI_FROM, NULL), 0);
    assert_int_equal(cert_check_time(pki->sign, PKI_UNTIL, NULL), 0);
    assert_int_equal(cert_check_time(pki->sign, (wall){PKI_FROM.ms - 1}, &err),
        ERR_CERTIFICATE);
    assert_string_equal(
        err.text, "the certificate is not valid before 2020-01-01T00:00:00Z");
    assert_int_equal(
        cert_check_time(pki->sign, (wall){PKI_UNTIL.ms + 1000}, &err),
        ERR_CERTIFICATE);
    assert_string_equal(
        err.text, "the certificate expired on 2049-12-31T23:59:59Z");
    assert_true(cert_expiry(pki->sign).ms == PKI_UNTIL.ms);
}

static void test_parses_der_exactly(void **state)
{
    const struct pki *pki = *state;
    const struct bytes der = cert_der(pki->sign);
    SCOPED(buf_free) struct buf copy = BUF_EMPTY;
    SCOPED(cert_freep) struct cert *cert = NULL;
    struct cert *none = NULL;
    struct err err;

    buf_add(&copy, der);
    assert_int_equal(cert_parse(&cert, buf_bytes(&copy), NULL), 0);
    assert_int_equal(cert_der(cert).len, der.len);
    assert_memory_equal(cert_der(cert).data, der.data, der.len);
    for (size_t len = 0; len < der.len; len++)
        assert_int_equal(cert_parse(&none, (struct bytes){der.data, len}, &err),
            ERR_MALFORMED);
    buf_add(&copy, (struct bytes){(const uint8_t *)"", 1});
    assert_int_equal(cert_parse(&none, buf_bytes(&copy), &err), ERR_MALFORMED);
    assert_string_equal(err.text, "bytes behind a certificate");
    assert_int_equal(
        cert_parse(&none, (struct bytes){der.data, CERT_MAX_DER + 1}, &err),
        ERR_TOO_BIG);
    assert_null(none);
}

static void test_refuses_a_longer_encoding_of_the_same(void **state)
{
    const struct pki *pki = *state;
    const struct bytes der = cert_der(pki->sign);
    SCOPED(buf_free) struct buf ber = BUF_EMPTY;
    struct cert *none = NULL;
    struct err err;

    /* 30 82 nn nn: the length in three bytes where two will do */
    buf_add(&ber, (struct bytes){(const uint8_t *)"\x30\x83\0", 3});
    buf_add(&ber, (struct bytes){der.data + 2, der.len - 2});
    assert_int_equal(cert_parse(&none, buf_bytes(&ber), &err), ERR_MALFORMED);
    assert_string_equal(err.text, "certificate is not DER");
}

static void test_no_flipped_bit_passes_the_check(void **state)
{
    const struct pki *pki = *state;
    SCOPED(buf_free) struct buf der = BUF_EMPTY;

    buf_add(&der, cert_der(pki->sign));
    for (size_t bit = 0; bit < 8 * der.len; bit++) {
        SCOPED(cert_freep) struct cert *cert = NULL;

        der.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (cert_parse(&cert, buf_bytes(&der), NULL) == 0 &&
            cert_check(cert, pki->authority, CERT_SIGN, NULL) == 0)
            fail_msg("bit %zu of byte %zu has no effect", bit % 8, bit / 8);
        der.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

static void test_reads_pem_and_der(void **state)
{
    const struct pki *pki = *state;
    SCOPED(buf_free) struct buf pem = BUF_EMPTY;
    SCOPED(cert_freep) struct cert *from_pem = NULL;
    SCOPED(cert_freep) struct cert *from_der = NULL;
    struct cert *none = NULL;

    assert_int_equal(cert_pem(&pem, pki->sign, NULL), 0);
    assert_int_equal(cert_parse_any(&from_pem, buf_bytes(&pem), NULL), 0);
    assert_int_equal(cert_parse_any(&from_der, cert_der(pki->sign), NULL), 0);
    assert_int_equal(cert_der(from_pem).len, cert_der(from_der).len);
    assert_int_equal(
        cert_parse_any(&none, bytes_of("hello"), NULL), ERR_MALFORMED);
    assert_int_equal(
        cert_parse_any(&none, (struct bytes){NULL, 0}, NULL), ERR_MALFORMED);
    pem.data[pem.len / 2] = '!';
    assert_int_equal(
        cert_parse_any(&none, buf_bytes(&pem), NULL), ERR_MALFORMED);
}

static void test_cuts_a_long_name_at_a_character(void **state)
{
    struct pki *pki = *state;
    char name[200] = "";
    SCOPED(cert_freep) struct cert *cert = NULL;
    char got[200];

    for (size_t i = 0; i < 80; i++)
        memcpy(name + 2 * i, "\xc3\xa9", 3);
    cert = pki_issue(pki, CERT_SIGN, name, pki->sign_key);
    assert_int_equal(
        X509_NAME_get_text_by_NID(
            X509_get_subject_name(cert->x509), NID_commonName, got, sizeof got),
        128);
    assert_memory_equal(got, name, 128);
}

static void test_serial_numbers_differ(void **state)
{
    struct pki *pki = *state;
    SCOPED(cert_freep)
    struct cert *again =
        pki_issue(pki, CERT_SIGN, "8732001 Hillside Primary", pki->sign_key);

    assert_int_not_equal(ASN1_INTEGER_cmp(X509_get0_serialNumber(again->x509),
                             X509_get0_serialNumber(pki->sign->x509)),
        0);
}

static void test_knows_its_own_key(void **state)
{
    const struct pki *pki = *state;
    SCOPED(buf_free) struct buf der = BUF_EMPTY;
    SCOPED(key_freep) struct key *public = NULL;

    assert_int_equal(key_public(&der, pki->sign_key, NULL), 0);
    assert_int_equal(key_from_public(&public, buf_bytes(&der), NULL), 0);
    assert_true(cert_matches(pki->sign, pki->sign_key));
    assert_true(cert_matches(pki->sign, public));
    assert_false(cert_matches(pki->sign, pki->encrypt_key));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refuses_what_a_profile_does_not_say),
        cmocka_unit_test(test_each_certificate_meets_its_own_profile_only),
        cmocka_unit_test(test_refuses_another_authority_of_the_same_name),
        cmocka_unit_test(test_a_school_cannot_issue),
        cmocka_unit_test(test_refuses_an_authority_that_is_none_of_ours),
        cmocka_unit_test(test_only_an_authority_signs_itself),
        cmocka_unit_test(test_says_when_a_certificate_is_not_valid),
        cmocka_unit_test(test_parses_der_exactly),
        cmocka_unit_test(test_refuses_a_longer_encoding_of_the_same),
        cmocka_unit_test(test_no_flipped_bit_passes_the_check),
        cmocka_unit_test(test_reads_pem_and_der),
        cmocka_unit_test(test_cuts_a_long_name_at_a_character),
        cmocka_unit_test(test_serial_numbers_differ),
        cmocka_unit_test(test_knows_its_own_key),
    };

    return cmocka_run_group_tests(tests, pki_begin, pki_end);
}
