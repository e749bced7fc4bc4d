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
#include "crypto/hash.h"
#include "crypto/vault.h"

static const struct bytes PLAIN = {
    (const uint8_t *)"not for others, not for others", 30};

struct place {
    char dir[64];
    char *path;
    struct vault *vault;
};

static struct buf seal(struct vault *vault, const char *label, int64_t row)
{
    struct buf out = BUF_EMPTY;

    assert_int_equal(vault_seal(&out, vault, label, row, PLAIN, NULL), 0);
    return out;
}

static void test_what_is_sealed_opens_in_its_place(void **state)
{
    static const size_t sizes[] = {0, 1, 16, 1552, 100000};
    const struct place *at = *state;
    uint8_t *plain = mem_alloc(100000);

    hash_random(plain, 100000);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        SCOPED(buf_free) struct buf sealed = BUF_EMPTY;
        SCOPED(buf_free) struct buf out = BUF_EMPTY;

        assert_int_equal(vault_seal(&sealed, at->vault, "leaver", INT64_MIN,
                             (struct bytes){plain, sizes[i]}, NULL),
            0);
        assert_int_equal(sealed.len, sizes[i] + VAULT_OVERHEAD);
        assert_int_equal(vault_unseal(&out, at->vault, "leaver", INT64_MIN,
                             buf_bytes(&sealed), NULL),
            0);
        assert_int_equal(out.len, sizes[i]);
        if (sizes[i] > 0)
            assert_memory_equal(out.data, plain, sizes[i]);
    }
    free(plain);
}

static void test_does_not_open_in_another_place(void **state)
{
    const struct place *at = *state;
    SCOPED(buf_free) struct buf sealed = seal(at->vault, "leaver", 7);
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    struct err err;

    assert_int_equal(
        vault_unseal(&out, at->vault, "leaver", 8, buf_bytes(&sealed), &err),
        ERR_DECRYPT);
    assert_int_equal(
        vault_unseal(&out, at->vault, "leavers", 7, buf_bytes(&sealed), &err),
        ERR_DECRYPT);
    assert_int_equal(
        vault_unseal(&out, at->vault, "", 7, buf_bytes(&sealed), &err),
        ERR_DECRYPT);
    assert_int_equal(out.len, 0);
    /* and a refusal does not spoil the next */
    assert_int_equal(
        vault_unseal(&out, at->vault, "leaver", 7, buf_bytes(&sealed), &err),
        0);
}

static void test_no_bit_can_be_flipped_and_none_is_released(void **state)
{
    const struct place *at = *state;
    SCOPED(buf_free) struct buf sealed = seal(at->vault, "leaver", 7);
    SCOPED(buf_free) struct buf out = BUF_EMPTY;

    for (size_t bit = 0; bit < 8 * sealed.len; bit++) {
        sealed.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(vault_unseal(&out, at->vault, "leaver", 7,
                             buf_bytes(&sealed), NULL),
            ERR_DECRYPT);
        assert_int_equal(out.len, 0);
        sealed.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_null(memmem(out.data, out.room, PLAIN.data, PLAIN.len));
    for (size_t len = 0; len < sealed.len; len++)
        assert_int_equal(vault_unseal(&out, at->vault, "leaver", 7,
                             (struct bytes){sealed.data, len}, NULL),
            ERR_DECRYPT);
}

static void test_equal_records_look_different(void **state)
{
    const struct place *at = *state;
    SCOPED(buf_free) struct buf a = seal(at->vault, "leaver", 7);
    SCOPED(buf_free) struct buf b = seal(at->vault, "leaver", 7);

    assert_memory_not_equal(a.data, b.data, a.len);
    assert_null(memmem(a.data, a.len, PLAIN.data, 8));
}

static void test_the_key_file_is_all_that_is_needed(void **state)
{
    const struct place *at = *state;
    SCOPED(vault_closep) struct vault *again = NULL;
    SCOPED(buf_free) struct buf sealed = seal(at->vault, "leaver", 7);
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    struct vault_tag a;
    struct vault_tag b;

    assert_int_equal(vault_open(&again, at->path, NULL), 0);
    assert_int_equal(
        vault_unseal(&out, again, "leaver", 7, buf_bytes(&sealed), NULL), 0);
    vault_tag(&a, at->vault, "upn", PLAIN);
    vault_tag(&b, again, "upn", PLAIN);
    assert_memory_equal(&a, &b, sizeof a);
}

static void test_another_data_key_opens_nothing(void **state)
{
    const struct place *at = *state;
    SCOPED(mem_freep) char *path = file_path(at->dir, "other.key");
    SCOPED(vault_closep) struct vault *other = NULL;
    SCOPED(buf_free) struct buf sealed = seal(at->vault, "leaver", 7);
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    struct vault_tag a;
    struct vault_tag b;

    assert_int_equal(vault_create(path, NULL), 0);
    assert_int_equal(vault_open(&other, path, NULL), 0);
    unlink(path);
    assert_int_equal(
        vault_unseal(&out, other, "leaver", 7, buf_bytes(&sealed), NULL),
        ERR_DECRYPT);
    vault_tag(&a, at->vault, "upn", PLAIN);
    vault_tag(&b, other, "upn", PLAIN);
    assert_memory_not_equal(&a, &b, sizeof a);
}

static void test_tags_find_equal_values_of_one_kind(void **state)
{
    const struct place *at = *state;
    struct vault_tag a;
    struct vault_tag b;

    vault_tag(&a, at->vault, "upn", bytes_of("X1"));
    vault_tag(&b, at->vault, "upn", bytes_of("X1"));
    assert_memory_equal(&a, &b, sizeof a);
    vault_tag(&b, at->vault, "upn", bytes_of("X2"));
    assert_memory_not_equal(&a, &b, sizeof a);
    vault_tag(&b, at->vault, "phone", bytes_of("X1"));
    assert_memory_not_equal(&a, &b, sizeof a);
    /* where the label ends is part of it */
    vault_tag(&b, at->vault, "upnX", bytes_of("1"));
    assert_memory_not_equal(&a, &b, sizeof a);
}

static void test_never_replaces_a_data_key(void **state)
{
    const struct place *at = *state;
    struct err err;
    struct stat st;

    assert_int_equal(vault_create(at->path, &err), ERR_EXISTS);
    assert_int_equal(stat(at->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void test_refuses_a_bad_key_file(void **state)
{
    static const char *const cases[] = {"", "00", "\n",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1g\n",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n\n"};
    const struct place *at = *state;
    SCOPED(mem_freep) char *path = file_path(at->dir, "bad.key");
    struct vault *none = NULL;
    struct err err;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int want =
            i == 5 ? ERR_TOO_BIG : ERR_MALFORMED; /* longer than a key is */

        assert_int_equal(
            file_write(path, bytes_of(cases[i]), FILE_PRIVATE, NULL), 0);
        assert_int_equal(vault_open(&none, path, &err), want);
    }
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(vault_open(&none, path, &err), ERR_DENIED);
    unlink(path);
    assert_int_equal(vault_open(&none, path, &err), ERR_NOT_FOUND);
}

static void test_refuses_a_record_that_is_none(void **state)
{
    const struct place *at = *state;
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    const struct bytes huge = {NULL, VAULT_MAX_PLAIN + 1};

    assert_int_equal(
        vault_seal(&out, at->vault, "leaver", 1, huge, NULL), ERR_TOO_BIG);
    assert_int_equal(out.len, 0);
}

static int set_up(void **state)
{
    struct place *at = mem_alloc(sizeof *at);

    memcpy(at->dir, "/tmp/moveup-vault-XXXXXX", 25);
    assert_non_null(mkdtemp(at->dir));
    at->path = file_path(at->dir, "data.key");
    assert_int_equal(vault_create(at->path, NULL), 0);
    assert_int_equal(vault_open(&at->vault, at->path, NULL), 0);
    *state = at;
    return 0;
}

static int tear_down(void **state)
{
    struct place *at = *state;

    vault_close(at->vault);
    unlink(at->path);
    rmdir(at->dir);
    free(at->path);
    free(at);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_sealed_opens_in_its_place),
        cmocka_unit_test(test_does_not_open_in_another_place),
        cmocka_unit_test(test_no_bit_can_be_flipped_and_none_is_released),
        cmocka_unit_test(test_equal_records_look_different),
        cmocka_unit_test(test_the_key_file_is_all_that_is_needed),
        cmocka_unit_test(test_another_data_key_opens_nothing),
        cmocka_unit_test(test_tags_find_equal_values_of_one_kind),
        cmocka_unit_test(test_never_replaces_a_data_key),
        cmocka_unit_test(test_refuses_a_bad_key_file),
        cmocka_unit_test(test_refuses_a_record_that_is_none),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
