#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "record/name.h"

static void test_folds_case_accents_and_marks(void **state)
{
    static const struct {
        const char *text, *folded;
    } cases[] = {
        {"Smith", "smith"},
        {"  SMITH \t", "smith"},
        {"O'Dowd", "odowd"},
        {"O\xe2\x80\x99"
         "DOWD",
            "odowd"},
        {"Hartley-Crewe", "hartley crewe"},
        {"St.  John", "st john"},
        {"Zo\xc3\xab", "zoe"},
        {"Zoe\xcc\x88", "zoe"},
        {"D\xc4\x84"
         "BROWSKA",
            "dabrowska"},
        {"Stra\xc3\x9f"
         "e",
            "strasse"},
        {"\xc3\x86gir", "aegir"},
        {"\xd0\x98\xd0\x92\xd0\x90\xd0\x9d",
            "\xd0\xb8\xd0\xb2\xd0\xb0\xd0\xbd"},
        {"Nguy\xe1\xbb\x84N", "nguyen"},
        {"Th\xe1\xbb\x8b Hoa Tr\xe1\xba\xa7n", "thi hoa tran"},
        {"\xc6\xa0n \xc6\xafng", "on ung"},
        {"\xc8\x98tefan \xc8\x9b", "stefan t"},
        {"Y\xc4\xb1ld\xc4\xb1r\xc4\xb1m", "yildirim"},
        {"\xd8\xb2\xd9\x8a\xd9\x86\xd8\xa8", /* Zaynab, in Arabic */
            "\xd8\xb2\xd9\x8a\xd9\x86\xd8\xa8"},
        {"\xe5\xbc\xa0", "\xe5\xbc\xa0"},
        {"...", ""},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char folded[64];
        char exact[64];

        name_fold(folded, sizeof folded, cases[i].text);
        assert_string_equal(folded, cases[i].folded);
        /* the promised size is enough */
        name_fold(exact, strlen(cases[i].text) + 1, cases[i].text);
        assert_string_equal(exact, folded);
    }
}

static void test_cuts_at_the_size_it_is_given(void **state)
{
    char out[4];

    (void)state;
    assert_string_equal(name_fold(out, sizeof out, "Smith"), "smi");
    assert_string_equal(name_fold(out, sizeof out, "ab\xd0\xb8"), "ab");
}

static void test_the_same_name_is_never_an_empty_one(void **state)
{
    (void)state;
    assert_true(name_same("O'Dowd", " o dowd"));
    assert_true(name_same("Mary-Ann", "Maryann"));
    assert_true(name_same("O'Dowd", " ODOWD"));
    assert_false(name_same("Smith", "Smyth"));
    assert_false(name_same("", ""));
    assert_false(name_same(" ", "-"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_folds_case_accents_and_marks),
        cmocka_unit_test(test_cuts_at_the_size_it_is_given),
        cmocka_unit_test(test_the_same_name_is_never_an_empty_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
