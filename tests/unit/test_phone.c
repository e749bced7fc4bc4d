#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/phone.h"

static void test_derives_what_to_dial_and_mends_nothing(void **state)
{
    static const struct {
        const char *raw, *dial;
    } cases[] = {
        {"07700 900118", "+447700900118"},
        {"07700900118", "+447700900118"},
        {" 07700-900-118 ", "+447700900118"},
        {"(07700) 900118", "+447700900118"},
        {"07700 900118 (text only)", "+447700900118"},
        {"mum: 07700 900118", "+447700900118"},
        {"020 7946 0118", "+442079460118"},
        {"01632 960001", "+441632960001"},
        {"01204 96001", "+44120496001"},
        {"+44 7700 900118", "+447700900118"},
        {"+44 (0)7700 900118", "+447700900118"},
        {"0044 7700 900118", "+447700900118"},
        {"+353 1 496 0000", "+35314960000"},
        {"07700\xc2\xa0"
         "900118",
            "+447700900118"},
        {"07700 900118 ext 42", "+447700900118"},
        /* unclear: for a person to look at */
        {"", ""},
        {"(text only)", ""},
        {"960001", ""},
        {"07700 90011", ""},
        {"07700 9001188", ""},
        {"7700 900118", ""},
        {"O7700 900118", ""},
        {"07700 900118 07700 900119", ""},
        {"07700 900118 or 07700 900119", ""},
        {"07700 900118 or 01632 960001 or 960002", ""},
        {"+44 0", ""},
        {"+0 1632 960001", ""},
        {"00000000000", ""},
        {"09011 960001", ""},
        {"1234567890123456789012345678901234567890", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char dial[PHONE_DIAL_SIZE] = "x";

        assert_ptr_equal(phone_dial(dial, cases[i].raw), dial);
        assert_string_equal(dial, cases[i].dial);
    }
}

static void test_finds_the_same_digits_in_each_way_of_writing(void **state)
{
    static const char *const ways[] = {"07700 900118", "+44 (0)7700 900118",
        "0044.7700.900118", "tel 07700/900-118 please", "+447700900118"};

    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        const char *text = ways[i];
        struct phone_run run;

        assert_true(phone_next_run(&run, &text));
        assert_string_equal(phone_significant(&run), "7700900118");
        assert_false(phone_next_run(&run, &text));
    }
}

static void test_finds_one_run_after_the_other(void **state)
{
    const char *text = "a1b22 2,3";
    struct phone_run run;

    (void)state;
    assert_true(phone_next_run(&run, &text));
    assert_string_equal(run.digits, "1");
    assert_true(phone_next_run(&run, &text));
    assert_string_equal(run.digits, "222");
    assert_true(phone_next_run(&run, &text));
    assert_string_equal(run.digits, "3");
    assert_false(phone_next_run(&run, &text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derives_what_to_dial_and_mends_nothing),
        cmocka_unit_test(test_finds_the_same_digits_in_each_way_of_writing),
        cmocka_unit_test(test_finds_one_run_after_the_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
