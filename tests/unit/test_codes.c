#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "record/codes.h"
#include "record/codes_data.h"

static void test_knows_codes_of_each_set_and_no_others(void **state)
{
    static const struct {
        enum code_set set;
        const char *code;
        bool known;
    } cases[] = {
        {CODES_RELATIONSHIP, "PAM", true},
        {CODES_RELATIONSHIP, "MUM", false},
        {CODES_RELATIONSHIP, "pam", false},
        {CODES_RELATIONSHIP, "", false},
        {CODES_SEN_TYPE, "SEMH", true},
        {CODES_SEN_TYPE, "DS", true},
        {CODES_SEN_TYPE, "BESD", false},
        {CODES_SEN_PROVISION, "K", true},
        {CODES_SEN_PROVISION, "A", false},
        {CODES_SEN_PROVISION_OLD, "A", true},
        {CODES_ETHNICITY, "WBRI", true},
        {CODES_ETHNICITY, "WENG", true},
        {CODES_ETHNICITY, "IRSH", false},
        {CODES_LANGUAGE, "ENG", true},
        {CODES_LANGUAGE, "SOM", true},
        {CODES_LANGUAGE, "QQQ", false},
        {CODES_SEX, "F", true},
        {CODES_SEX, "B", false},
        {CODES_TELEPHONE_TYPE, "D", true},
        {CODES_SERVICE_CHILD, "R", true},
        {CODES_ENROL_STATUS, "C", true},
        {CODES_DISABILITY, "NCOL", true},
        {CODES_RESULT_STATUS, "T", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(
            codes_known(cases[i].set, cases[i].code), cases[i].known);
}

static void test_says_a_code_in_words(void **state)
{
    (void)state;
    assert_string_equal(codes_describe(CODES_RELATIONSHIP, "PAM"), "Mother");
    assert_string_equal(codes_describe(CODES_RELATIONSHIP, ""), "not stated");
    assert_string_equal(codes_describe(CODES_RELATIONSHIP, "MUM"), "MUM");
    assert_string_equal(codes_describe(CODES_ETHNICITY, "WENG"), "WENG");
}

static void assert_sorted(const struct code *codes, size_t count)
{
    for (size_t i = 1; i < count; i++)
        assert_true(strcmp(codes[i - 1].code, codes[i].code) < 0);
}

#define ASSERT_SORTED(list) assert_sorted(list, sizeof list / sizeof *list)

static void test_every_list_is_in_order(void **state)
{
    (void)state;
    ASSERT_SORTED(DISABILITY);
    ASSERT_SORTED(ENROL_STATUS);
    ASSERT_SORTED(ETHNICITY);
    ASSERT_SORTED(LANGUAGE);
    ASSERT_SORTED(RELATIONSHIP);
    ASSERT_SORTED(RESULT_STATUS);
    ASSERT_SORTED(SEN_PROVISION);
    ASSERT_SORTED(SEN_PROVISION_OLD);
    ASSERT_SORTED(SEN_TYPE);
    ASSERT_SORTED(SERVICE_CHILD);
    ASSERT_SORTED(SEX);
    ASSERT_SORTED(TELEPHONE_TYPE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_knows_codes_of_each_set_and_no_others),
        cmocka_unit_test(test_says_a_code_in_words),
        cmocka_unit_test(test_every_list_is_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
