#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "record/uln.h"
#include "record/upn.h"

static void test_knows_good_and_bad_numbers(void **state)
{
    static const struct {
        const char *upn;
        enum upn_status status;
        char right;
    } cases[] = {
        {"B801200005001", UPN_PERMANENT, 'B'},
        {"P207000016049", UPN_PERMANENT, 'P'},
        {"Z801209809069", UPN_PERMANENT, 'Z'},
        {"K87320012501A", UPN_TEMPORARY, 'K'},
        {"A801200005001", UPN_BAD_LETTER, 'B'},
        {"B207000016049", UPN_BAD_LETTER, 'P'},
        {"Q207000016049", UPN_BAD_LETTER, 'P'},
        {"X80120000A001", UPN_BAD_FORM, 0},
        {"I801200005001", UPN_BAD_FORM, 0},
        {"b801200005001", UPN_BAD_FORM, 0},
        {"B80120000500", UPN_BAD_FORM, 0},
        {"B8012000050011", UPN_BAD_FORM, 0},
        {"B80120000500S", UPN_BAD_FORM, 0},
        {"1801200005001", UPN_BAD_FORM, 0},
        {"", UPN_BAD_FORM, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char right = 0;

        assert_int_equal(upn_check(cases[i].upn, &right), cases[i].status);
        assert_int_equal(right, cases[i].right);
        assert_int_equal(upn_check(cases[i].upn, NULL), cases[i].status);
    }
}

static void test_catches_every_wrong_digit_and_every_swap(void **state)
{
    static const char good[] = "V873200119001";

    (void)state;
    assert_int_equal(upn_check(good, NULL), UPN_PERMANENT);
    for (size_t i = 1; i < UPN_SIZE - 1; i++) {
        char upn[UPN_SIZE];

        for (char digit = '0'; digit <= '9'; digit++) {
            memcpy(upn, good, sizeof upn);
            upn[i] = digit;
            if (digit != good[i])
                assert_int_equal(upn_check(upn, NULL), UPN_BAD_LETTER);
        }
        if (i + 2 >= UPN_SIZE || good[i] == good[i + 1])
            continue;
        memcpy(upn, good, sizeof upn);
        upn[i] = good[i + 1];
        upn[i + 1] = good[i];
        assert_int_equal(upn_check(upn, NULL), UPN_BAD_LETTER);
    }
}

static void test_knows_a_learner_number_by_its_check_digit(void **state)
{
    (void)state;
    assert_true(uln_is_valid("9276308686"));
    assert_false(uln_is_valid("9276308687"));
    assert_false(uln_is_valid("2481081875")); /* remainder 0 */
    assert_false(uln_is_valid("0276308686"));
    assert_false(uln_is_valid("927630868"));
    assert_false(uln_is_valid("927630868x"));
    assert_false(uln_is_valid(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_knows_good_and_bad_numbers),
        cmocka_unit_test(test_catches_every_wrong_digit_and_every_swap),
        cmocka_unit_test(test_knows_a_learner_number_by_its_check_digit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
