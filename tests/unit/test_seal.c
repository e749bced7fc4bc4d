#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "crypto/hash.h"
#include "crypto/seal.h"
#include "pki.h"

static const struct bytes SECRET = {
    (const uint8_t *)"0123456789 not for others 0123456789", 36};

static struct buf signed_by(
    const struct pki *pki, struct bytes content, struct digest *digest)
{
    struct buf out = BUF_EMPTY;

    assert_int_equal(
        seal_sign(&out, digest, content, pki->sign_key, pki->sign, NULL), 0);
    return out;
}

static struct buf sealed_for(const struct pki *pki, struct bytes content)
{
    struct buf out = BUF_EMPTY;

    assert_int_equal(seal_encrypt(&out, content, pki->encrypt, NULL), 0);
    return out;
}

/* Opens sealed as pki's school; on refusal out must be as it was. */
static int open_as(const struct pki *pki, struct buf *out, struct bytes sealed,
    struct err *err)
{
    const size_t before = out->len;
    const int rc =
        seal_decrypt(out, sealed, pki->encrypt_key, pki->encrypt, err);

    if (rc < 0) {
        assert_int_equal(err->code, rc);
        assert_true(err->text[0] != '\0');
        assert_int_equal(out->len, before);
    }
    return rc;
}

static int verify_as(const struct cert *cert, struct buf *out,
    struct bytes signed_content, struct err *err)
{
    const size_t before = out->len;
    const int rc = seal_verify(out, NULL, signed_content, cert, err);

    if (rc < 0) {
        assert_int_equal(err->code, rc);
        assert_true(err->text[0] != '\0');
        assert_int_equal(out->len, before);
    }
    return rc;
}

static void test_what_is_sealed_comes_out_again(void **state)
{
    static const size_t sizes[] = {0, 1, 93, 94, 127, 128, 4095, 4096, 4097,
        65535, 65536, 300000, SEAL_MAX_SIZE - 2 * SEAL_OVERHEAD};
    const struct pki *pki = *state;
    uint8_t *content = mem_alloc(SEAL_MAX_SIZE);

    hash_random(content, SEAL_MAX_SIZE);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const struct bytes src = {content, sizes[i]};
        struct digest made;
        struct digest seen;
        struct digest want;
        SCOPED(buf_free) struct buf inner = signed_by(pki, src, &made);
        SCOPED(buf_free) struct buf sealed = sealed_for(pki, buf_bytes(&inner));
        SCOPED(buf_free) struct buf back = BUF_EMPTY;
        SCOPED(buf_free) struct buf out = BUF_EMPTY;

        assert_in_range(inner.len, src.len, src.len + SEAL_OVERHEAD);
        assert_in_range(sealed.len, inner.len, inner.len + SEAL_OVERHEAD);
        assert_int_equal(open_as(pki, &back, buf_bytes(&sealed), NULL), 0);
        assert_int_equal(
            seal_verify(&out, &seen, buf_bytes(&back), pki->sign, NULL), 0);
        assert_int_equal(out.len, src.len);
        if (src.len > 0)
            assert_memory_equal(out.data, src.data, src.len);
        hash_sha256(&want, src);
        assert_memory_equal(&made, &want, sizeof want);
        assert_memory_equal(&seen, &want, sizeof want);
    }
    free(content);
}

static void test_content_is_added_behind_what_is_there(void **state)
{
    const struct pki *pki = *state;
    SCOPED(buf_free) struct buf inner = signed_by(pki, SECRET, NULL);
    SCOPED(buf_free) struct buf out = BUF_EMPTY;

    buf_add(&out, bytes_of("before "));
    assert_int_equal(verify_as(pki->sign, &out, buf_bytes(&inner), NULL), 0);
    assert_int_equal(out.len, 7 + SECRET.len);
    assert_memory_equal(out.data, "before 0123", 11);
}

/* The outside of a CMS message has fields that no key protects. */
static void test_no_bit_of_a_sealed_message_can_be_flipped(void **state)
{
    const struct pki *pki = *state;
    SCOPED(buf_free) struct buf sealed = sealed_for(pki, SECRET);
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    struct err err;

    for (size_t bit = 0; bit < 8 * sealed.len; bit++) {
        sealed.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (open_as(pki, &out, buf_bytes(&sealed), &err) == 0)
            fail_msg("bit %zu of byte %zu has no effect", bit % 8, bit / 8);
        sealed.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_int_equal(open_as(pki, &out, buf_bytes(&sealed), &err), 0);
}

static void test_no_bit_of_a_signed_message_can_be_flipped(void **state)
{
    const struct pki *pki = *state;
    SCOPED(buf_free) struct buf inner = signed_by(pki, SECRET, NULL);
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    struct err err;

    for (size_t bit = 0; bit < 8 * inner.len; bit++) {
        inner.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (verify_as(pki->sign, &out, buf_bytes(&inner), &err) == 0)
            fail_msg("bit %zu of byte %zu has no effect", bit % 8, bit / 8);
        inner.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_int_equal(verify_as(pki->sign, &out, buf_bytes(&inner), &err), 0);
}

static void test_refuses_every_shorter_and_longer_message(void **state)
{
    const struct pki *pki = *state;
    SCOPED(buf_free) struct buf inner = signed_by(pki, SECRET, NULL);
    SCOPED(buf_free) struct buf sealed = sealed_for(pki, SECRET);
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    struct err err;

    for (size_t len = 0; len < sealed.len; len++)
        assert_int_equal(
            open_as(pki, &out, (struct bytes){sealed.data, len}, &err),
            ERR_MALFORMED);
    for (size_t len = 0; len < inner.len; len++)
        assert_int_equal(
            verify_as(pki->sign, &out, (struct bytes){inner.data, len}, &err),
            ERR_MALFORMED);
    buf_add(&sealed, (struct bytes){(const uint8_t *)"", 1});
    assert_int_equal(
        open_as(pki, &out, buf_bytes(&sealed), &err), ERR_MALFORMED);
    assert_string_equal(err.text, "bytes behind the message");
    buf_add(&inner, (struct bytes){(const uint8_t *)"", 1});
    assert_int_equal(
        verify_as(pki->sign, &out, buf_bytes(&inner), &err), ERR_MALFORMED);
    assert_string_equal(err.text, "bytes behind the message");
}

static void test_refuses_a_message_for_another_school(void **state)
{
    struct pki *pki = *state;
    SCOPED(key_freep) struct key *key = NULL;
    SCOPED(cert_freep) struct cert *cert = NULL;
    SCOPED(buf_free) struct buf sealed = sealed_for(pki, SECRET);
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    struct err err;

    assert_int_equal(key_new(&key, NULL), 0);
    cert = pki_issue(pki, CERT_ENCRYPT, "8732002 Other", key);
    assert_int_equal(
        seal_decrypt(&out, buf_bytes(&sealed), key, cert, &err), ERR_DECRYPT);
    assert_string_equal(err.text, "sealed for another key");
    /* the right name, the wrong key */
    assert_int_equal(
        seal_decrypt(&out, buf_bytes(&sealed), key, pki->encrypt, &err),
        ERR_DECRYPT);
    assert_int_equal(out.len, 0);
}

static void test_refuses_a_signature_by_another_school(void **state)
{
    struct pki *pki = *state;
    SCOPED(key_freep) struct key *key = NULL;
    SCOPED(cert_freep) struct cert *cert = NULL;
    SCOPED(buf_free) struct buf inner = signed_by(pki, SECRET, NULL);
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    struct err err;

    assert_int_equal(key_new(&key, NULL), 0);
    cert = pki_issue(pki, CERT_SIGN, "8732002 Other", key);
    assert_int_equal(
        verify_as(cert, &out, buf_bytes(&inner), &err), ERR_SIGNATURE);
    assert_string_equal(err.text, "signed by another key");
}

static void test_a_certificate_serves_its_own_use_only(void **state)
{
    const struct pki *pki = *state;
    SCOPED(buf_free) struct buf inner = signed_by(pki, SECRET, NULL);
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    struct err err;

    assert_int_equal(
        seal_sign(&out, NULL, SECRET, pki->encrypt_key, pki->encrypt, &err),
        ERR_CERTIFICATE);
    assert_int_equal(
        seal_sign(&out, NULL, SECRET, pki->authority_key, pki->authority, &err),
        ERR_CERTIFICATE);
    assert_int_equal(
        seal_encrypt(&out, SECRET, pki->sign, &err), ERR_CERTIFICATE);
    assert_int_equal(
        seal_encrypt(&out, SECRET, pki->authority, &err), ERR_CERTIFICATE);
    assert_int_equal(verify_as(pki->encrypt, &out, buf_bytes(&inner), &err),
        ERR_CERTIFICATE);
    assert_int_equal(out.len, 0);
    assert_int_equal(
        seal_sign(&out, NULL, SECRET, pki->directory_key, pki->directory, &err),
        0);
}

static void test_does_not_sign_with_a_key_the_certificate_is_not_for(
    void **state)
{
    const struct pki *pki = *state;
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    struct err err;

    assert_int_equal(
        seal_sign(&out, NULL, SECRET, pki->encrypt_key, pki->sign, &err),
        ERR_CRYPTO);
    assert_int_equal(out.len, 0);
}

static void test_refuses_what_is_too_big_before_reading_it(void **state)
{
    const struct pki *pki = *state;
    const struct bytes huge = {NULL, SEAL_MAX_SIZE + 1};
    const struct bytes big = {NULL, SEAL_MAX_SIZE - SEAL_OVERHEAD + 1};
    const struct bytes vast = {NULL, SEAL_MAX_SIGNED + 1};
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    struct err err;

    assert_int_equal(open_as(pki, &out, huge, &err), ERR_TOO_BIG);
    assert_int_equal(verify_as(pki->sign, &out, vast, &err), ERR_TOO_BIG);
    assert_int_equal(
        seal_sign(&out, NULL, vast, pki->sign_key, pki->sign, &err),
        ERR_TOO_BIG);
    assert_int_equal(seal_encrypt(&out, big, pki->encrypt, &err), ERR_TOO_BIG);
}

static void test_nothing_of_an_altered_message_is_left_in_memory(void **state)
{
    const struct pki *pki = *state;
    SCOPED(buf_free) struct buf sealed = sealed_for(pki, SECRET);
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    struct err err;

    memset(buf_reserve(&out, 256), 0xee, 256);
    sealed.data[sealed.len - 1] ^= 1; /* in the tag */
    assert_int_equal(open_as(pki, &out, buf_bytes(&sealed), &err), ERR_DECRYPT);
    for (size_t i = 0; i < SECRET.len; i++)
        assert_int_equal(out.data[i], 0);
}

static void test_the_same_content_is_never_sealed_alike(void **state)
{
    const struct pki *pki = *state;
    SCOPED(buf_free) struct buf a = sealed_for(pki, SECRET);
    SCOPED(buf_free) struct buf b = sealed_for(pki, SECRET);

    assert_int_equal(a.len, b.len);
    assert_memory_not_equal(a.data, b.data, a.len);
    assert_null(memmem(a.data, a.len, SECRET.data, SECRET.len));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_sealed_comes_out_again),
        cmocka_unit_test(test_content_is_added_behind_what_is_there),
        cmocka_unit_test(test_no_bit_of_a_sealed_message_can_be_flipped),
        cmocka_unit_test(test_no_bit_of_a_signed_message_can_be_flipped),
        cmocka_unit_test(test_refuses_every_shorter_and_longer_message),
        cmocka_unit_test(test_refuses_a_message_for_another_school),
        cmocka_unit_test(test_refuses_a_signature_by_another_school),
        cmocka_unit_test(test_a_certificate_serves_its_own_use_only),
        cmocka_unit_test(
            test_does_not_sign_with_a_key_the_certificate_is_not_for),
        cmocka_unit_test(test_refuses_what_is_too_big_before_reading_it),
        cmocka_unit_test(test_nothing_of_an_altered_message_is_left_in_memory),
        cmocka_unit_test(test_the_same_content_is_never_sealed_alike),
    };

    return cmocka_run_group_tests(tests, pki_begin, pki_end);
}
