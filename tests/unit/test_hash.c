#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/text.h"
#include "crypto/hash.h"

static void test_sha256_gives_the_published_digests(void **state)
{
    /* FIPS 180-4 examples */
    static const struct {
        const char *text;
        const char *hex;
    } cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb924"
             "27ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223"
                "b00361a396177a9cb410ff61f20015ad"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char hex[2 * DIGEST_SIZE + 1];
        struct digest digest;

        hash_sha256(&digest, bytes_of(cases[i].text));
        text_hex(hex, (struct bytes){digest.bytes, DIGEST_SIZE});
        assert_string_equal(hex, cases[i].hex);
    }
}

static void test_fingerprint_is_six_groups_of_five_digits(void **state)
{
    static const struct {
        struct digest digest;
        const char *text;
    } cases[] = {
        {{{0}}, "00000 00000 00000 00000 00000 00000"},
        {{{0, 0, 0, 0, 42}}, "00042 00000 00000 00000 00000 00000"},
        {{{0, 0, 1, 0x86, 0xa0}}, "00000 00000 00000 00000 00000 00000"},
        /* 2^40 - 1 = 1099511627775; bytes 30 and 31 do not count */
        {{{[25] = 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}},
            "00000 00000 00000 00000 00000 27775"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[HASH_FINGERPRINT_SIZE];

        assert_ptr_equal(hash_fingerprint(text, &cases[i].digest), text);
        assert_string_equal(text, cases[i].text);
    }
}

static void test_random_bytes_differ(void **state)
{
    uint8_t a[32] = {0};
    uint8_t b[32] = {0};

    (void)state;
    hash_random(a, sizeof a);
    hash_random(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
}

static void test_names_the_library(void **state)
{
    bool weak = true;
    const char *version = hash_library(&weak);

    (void)state;
    assert_in_range(version[0], '3', '9');
    assert_int_equal(version[1], '.');
    assert_true(weak == (strncmp(version, "3.0.", 4) == 0 &&
                            strtol(version + 4, NULL, 10) < 22));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha256_gives_the_published_digests),
        cmocka_unit_test(test_fingerprint_is_six_groups_of_five_digits),
        cmocka_unit_test(test_random_bytes_differ),
        cmocka_unit_test(test_names_the_library),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
