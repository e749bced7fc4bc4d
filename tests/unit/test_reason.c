#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "record/reason.h"

/* Each number stands for one reason for ever: receipts hold them. */
static const struct {
    unsigned number;
    const char *code;
} KNOWN[] = {
    {1, "too-large"},
    {2, "bad-header"},
    {3, "not-for-us"},
    {4, "unknown-sender"},
    {5, "sender-revoked"},
    {6, "not-authenticated"},
    {7, "cannot-decrypt"},
    {8, "bad-signature"},
    {9, "bad-batch"},
    {10, "header-mismatch"},
    {11, "replay"},
    {12, "equivocation"},
    {13, "new-schema"},
    {14, "old-schema"},
    {15, "expired-certificate"},
    {16, "wrong-usage"},
    {17, "signed-before-revocation"},
    {20, "not-ours"},
    {21, "upn-conflict"},
    {22, "old-revision"},
    {23, "school-closed"},
    {24, "mass-recall"},
    {40, "unknown-recipient"},
    {41, "quota"},
    {42, "disk-full"},
    {43, "not-author"},
    {44, "not-administrator"},
    {45, "fenced"},
    {46, "old-directory"},
    {47, "bad-request"},
    {48, "expiring"},
    {49, "expired"},
    {60, "missing"},
};

#define COUNT (sizeof KNOWN / sizeof *KNOWN)

static void test_each_number_has_its_code_a_sentence_and_a_step(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        const enum reason reason = reason_from_number(KNOWN[i].number);

        assert_int_equal(reason, KNOWN[i].number);
        assert_string_equal(reason_code(reason), KNOWN[i].code);
        assert_true(strlen(reason_sentence(reason)) > 20);
        assert_true(strlen(reason_next_step(reason)) > 10);
        assert_null(strchr(reason_sentence(reason), '.'));
    }
}

static void test_no_two_reasons_say_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(
                reason_sentence(reason_from_number(KNOWN[i].number)),
                reason_sentence(reason_from_number(KNOWN[j].number)));
}

static void test_a_number_of_a_later_version_is_no_reason(void **state)
{
    (void)state;
    for (unsigned number = 0; number < 300; number++) {
        size_t i = 0;

        while (i < COUNT && KNOWN[i].number != number)
            i++;
        if (i == COUNT)
            assert_int_equal(reason_from_number(number), REASON_NONE);
    }
    assert_string_equal(reason_code(REASON_NONE), "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_number_has_its_code_a_sentence_and_a_step),
        cmocka_unit_test(test_no_two_reasons_say_the_same),
        cmocka_unit_test(test_a_number_of_a_later_version_is_no_reason),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
