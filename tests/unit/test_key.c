#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "crypto/key.h"
#include "crypto/ossl.h"

static const struct bytes TEXT = {(const uint8_t *)"request", 7};

/* In pieces, or this file would be taken for one that has a key in it. */
#define DASHES "-----"
#define SECRET "PRIVATE KEY"

struct place {
    char dir[64];
    char *path;
};

static struct key *new_key(void)
{
    struct key *key = NULL;

    assert_int_equal(key_new(&key, NULL), 0);
    return key;
}

static void test_a_saved_key_is_the_same_key(void **state)
{
    static const char *const passphrases[] = {NULL, "", "correct horse"};
    const struct place *at = *state;
    SCOPED(key_freep) struct key *key = new_key();
    struct stat st;

    for (size_t i = 0; i < sizeof passphrases / sizeof *passphrases; i++) {
        SCOPED(key_freep) struct key *again = NULL;

        assert_int_equal(key_save(key, at->path, passphrases[i], NULL), 0);
        assert_int_equal(stat(at->path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
        assert_int_equal(key_load(&again, at->path, passphrases[i], NULL), 0);
        assert_int_equal(EVP_PKEY_eq(key->pkey, again->pkey), 1);
    }
}

static void test_a_passphrase_protects_the_file(void **state)
{
    const struct place *at = *state;
    SCOPED(key_freep) struct key *key = new_key();
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    struct key *none = NULL;
    struct err err;

    assert_int_equal(key_save(key, at->path, "correct horse", NULL), 0);
    assert_int_equal(
        key_load(&none, at->path, "battery staple", &err), ERR_DENIED);
    assert_non_null(strstr(err.text, "passphrase is wrong"));
    assert_int_equal(key_load(&none, at->path, NULL, &err), ERR_DENIED);
    assert_non_null(strstr(err.text, "passphrase is missing"));
    assert_null(none);
    assert_int_equal(file_read(&file, at->path, 8192, NULL), 0);
    assert_memory_equal(file.data, DASHES "BEGIN ENCRYPTED " SECRET,
        sizeof(DASHES "BEGIN ENCRYPTED " SECRET) - 1);
}

static void test_refuses_a_key_file_that_others_may_read(void **state)
{
    const struct place *at = *state;
    SCOPED(key_freep) struct key *key = new_key();
    struct key *none = NULL;

    assert_int_equal(key_save(key, at->path, NULL, NULL), 0);
    assert_int_equal(chmod(at->path, 0640), 0);
    assert_int_equal(key_load(&none, at->path, NULL, NULL), ERR_DENIED);
}

static void put(const struct place *at, struct bytes src)
{
    assert_int_equal(file_write(at->path, src, FILE_PRIVATE, NULL), 0);
}

static void test_refuses_files_that_are_not_our_keys(void **state)
{
    static const char *const types[] = {"RSA", "P-384", "ED25519"};
    const struct place *at = *state;
    struct key *none = NULL;
    struct err err;

    assert_int_equal(key_load(&none, at->path, NULL, &err), ERR_NOT_FOUND);
    put(at, bytes_of(DASHES "BEGIN " SECRET DASHES "\nAAAA\n"));
    assert_int_equal(key_load(&none, at->path, NULL, &err), ERR_MALFORMED);
    put(at, (struct bytes){NULL, 0});
    assert_int_equal(key_load(&none, at->path, NULL, &err), ERR_MALFORMED);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct key other = {i == 0   ? EVP_RSA_gen(2048)
                            : i == 1 ? EVP_EC_gen(types[i])
                                     : EVP_PKEY_Q_keygen(NULL, NULL, types[i])};

        assert_int_equal(key_save(&other, at->path, NULL, NULL), 0);
        assert_int_equal(key_load(&none, at->path, NULL, &err), ERR_MALFORMED);
        assert_non_null(strstr(err.text, "not a P-256 private key"));
        EVP_PKEY_free(other.pkey);
    }
}

static void test_a_public_key_travels(void **state)
{
    SCOPED(key_freep) struct key *key = new_key();
    SCOPED(key_freep) struct key *public = NULL;
    SCOPED(buf_free) struct buf der = BUF_EMPTY;
    SCOPED(buf_free) struct buf signature = BUF_EMPTY;

    (void)state;
    assert_int_equal(key_public(&der, key, NULL), 0);
    assert_int_equal(der.len, 91);
    assert_int_equal(key_from_public(&public, buf_bytes(&der), NULL), 0);
    assert_int_equal(key_sign(&signature, key, TEXT, NULL), 0);
    assert_int_equal(key_verify(public, TEXT, buf_bytes(&signature), NULL), 0);
}

static void test_refuses_other_public_keys(void **state)
{
    SCOPED(key_freep) struct key *key = new_key();
    struct key p384 = {EVP_EC_gen("P-384")};
    SCOPED(buf_free) struct buf der = BUF_EMPTY;
    SCOPED(buf_free) struct buf long_der = BUF_EMPTY;
    struct key *none = NULL;
    struct err err;

    (void)state;
    assert_int_equal(key_public(&der, key, NULL), 0);
    assert_int_equal(key_public(&long_der, &p384, NULL), 0);
    EVP_PKEY_free(p384.pkey);
    assert_int_equal(
        key_from_public(&none, buf_bytes(&long_der), &err), ERR_MALFORMED);
    for (size_t len = 0; len < der.len; len++)
        assert_int_equal(
            key_from_public(&none, (struct bytes){der.data, len}, &err),
            ERR_MALFORMED);
    for (size_t bit = 0; bit < 8 * der.len; bit++) {
        der.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        /* nothing fits the curve but the point itself */
        assert_int_equal(
            key_from_public(&none, buf_bytes(&der), &err), ERR_MALFORMED);
        der.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    buf_add(&der, TEXT);
    assert_int_equal(
        key_from_public(&none, buf_bytes(&der), &err), ERR_MALFORMED);
    assert_null(none);
}

static void test_refuses_a_signature_that_does_not_fit(void **state)
{
    SCOPED(key_freep) struct key *key = new_key();
    SCOPED(key_freep) struct key *other = new_key();
    SCOPED(buf_free) struct buf signature = BUF_EMPTY;
    struct err err;

    (void)state;
    assert_int_equal(key_sign(&signature, key, TEXT, NULL), 0);
    assert_int_equal(
        key_verify(other, TEXT, buf_bytes(&signature), &err), ERR_SIGNATURE);
    assert_int_equal(
        key_verify(key, bytes_of("reqvest"), buf_bytes(&signature), &err),
        ERR_SIGNATURE);
    assert_int_equal(
        key_verify(key, TEXT, (struct bytes){NULL, 0}, &err), ERR_SIGNATURE);
    for (size_t bit = 0; bit < 8 * signature.len; bit++) {
        signature.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(
            key_verify(key, TEXT, buf_bytes(&signature), &err), ERR_SIGNATURE);
        signature.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

static int set_up(void **state)
{
    struct place *at = mem_alloc(sizeof *at);

    memcpy(at->dir, "/tmp/moveup-key-XXXXXX", 23);
    assert_non_null(mkdtemp(at->dir));
    at->path = file_path(at->dir, "test.key");
    *state = at;
    return 0;
}

static int tear_down(void **state)
{
    struct place *at = *state;

    unlink(at->path);
    rmdir(at->dir);
    free(at->path);
    free(at);
    return 0;
}

#define IN_A_PLACE(test)                                                       \
    cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(test_a_saved_key_is_the_same_key),
        IN_A_PLACE(test_a_passphrase_protects_the_file),
        IN_A_PLACE(test_refuses_a_key_file_that_others_may_read),
        IN_A_PLACE(test_refuses_files_that_are_not_our_keys),
        cmocka_unit_test(test_a_public_key_travels),
        cmocka_unit_test(test_refuses_other_public_keys),
        cmocka_unit_test(test_refuses_a_signature_that_does_not_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
