#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/mem.h"
#include "crypto/der.h"

static void test_takes_the_shortest_length_only(void **state)
{
    static const struct {
        uint8_t head[5];
        size_t head_len;
        size_t len;
        bool good;
    } cases[] = {
        {{0x04, 0x00}, 2, 0, true},
        {{0x04, 0x7f}, 2, 0x7f, true},
        {{0x04, 0x81, 0x7f}, 3, 0x7f, false},
        {{0x04, 0x81, 0x80}, 3, 0x80, true},
        {{0x04, 0x82, 0x00, 0xff}, 4, 0xff, false},
        {{0x04, 0x82, 0x01, 0x00}, 4, 0x100, true},
        {{0x04, 0x83, 0x00, 0xff, 0xff}, 5, 0xffff, false},
        {{0x04, 0x83, 0x01, 0x00, 0x00}, 5, 0x10000, true},
        {{0x04, 0x80}, 2, 0, false},
        {{0x04, 0x84, 0, 0, 0}, 5, 0, false},
        {{0x04, 0xff}, 2, 0, false},
        {{0x05, 0x00}, 2, 0, false},
        {{0x04}, 1, 0, false},
        {{0x04, 0x82, 0x01}, 3, 0, false},
        {{0}, 0, 0, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const size_t size = cases[i].head_len + cases[i].len;
        uint8_t *src = mem_alloc(size + 1);
        const char *flaw = NULL;
        struct der in = {{src, size}, &flaw};
        struct bytes value;

        memcpy(src, cases[i].head, cases[i].head_len);
        value = der_take(&in, DER_OCTET_STRING, "what");
        if ((flaw == NULL) != cases[i].good)
            fail_msg("case %zu", i);
        assert_int_equal(value.len, cases[i].good ? cases[i].len : 0);
        der_end(&in, "end");
        if (cases[i].good)
            assert_null(flaw);
        free(src);
    }
}

static void test_refuses_a_value_longer_than_what_is_there(void **state)
{
    static const uint8_t src[] = {0x30, 0x03, 0x04, 0x02, 0x00};
    const char *flaw = NULL;
    struct der in = {DER_BYTES(src), &flaw};
    struct der inner = der_enter(&in, DER_SEQUENCE, "outer");

    (void)state;
    assert_null(flaw);
    der_take(&inner, DER_OCTET_STRING, "inner");
    assert_string_equal(flaw, "inner");
}

static void test_remembers_the_first_misfit(void **state)
{
    static const uint8_t src[] = {0x02, 0x01, 0x00, 0x04, 0x01, 0xaa};
    const char *flaw = NULL;
    struct der in = {DER_BYTES(src), &flaw};

    (void)state;
    der_expect(&in, (struct bytes){src, 3}, "version");
    assert_null(flaw);
    der_take_sized(&in, DER_OCTET_STRING, 2, "two bytes");
    assert_string_equal(flaw, "two bytes");
    assert_int_equal(der_take(&in, DER_OCTET_STRING, "later").len, 0);
    assert_int_equal(der_skip(&in, 1, "later").len, 0);
    der_expect(&in, (struct bytes){src, 1}, "later");
    der_end(&in, "later");
    assert_string_equal(flaw, "two bytes");
}

static void test_nothing_may_follow_the_end(void **state)
{
    static const uint8_t src[] = {0x04, 0x00, 0x00};
    const char *flaw = NULL;
    struct der in = {DER_BYTES(src), &flaw};

    (void)state;
    der_skip(&in, 2, "skip");
    assert_null(flaw);
    der_end(&in, "bytes behind");
    assert_string_equal(flaw, "bytes behind");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_takes_the_shortest_length_only),
        cmocka_unit_test(test_refuses_a_value_longer_than_what_is_there),
        cmocka_unit_test(test_remembers_the_first_misfit),
        cmocka_unit_test(test_nothing_may_follow_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
