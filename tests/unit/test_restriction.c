#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/err.h"
#include "record/restriction.h"

static void test_names_are_read_as_they_are_written(void **state)
{
    (void)state;
    for (int i = RESTRICTION_DO_NOT_CONTACT;
         i <= RESTRICTION_PUPIL_NOT_TO_BE_NAMED; i++) {
        enum restriction_kind kind;
        const char *name = restriction_kind_name((enum restriction_kind)i);

        assert_int_equal(restriction_kind_parse(&kind, name, NULL), 0);
        assert_int_equal(kind, i);
    }
    for (int i = BASIS_COURT_ORDER; i <= BASIS_SCHOOL_DECISION; i++) {
        enum restriction_basis basis;
        const char *name = restriction_basis_name((enum restriction_basis)i);

        assert_int_equal(restriction_basis_parse(&basis, name, NULL), 0);
        assert_int_equal(basis, i);
    }
    assert_string_equal(
        restriction_kind_name(RESTRICTION_DO_NOT_CONTACT), "do-not-contact");
}

static void test_an_unknown_name_is_refused_with_the_list(void **state)
{
    enum restriction_kind kind = RESTRICTION_NO_TEXT;
    enum restriction_basis basis = BASIS_COURT_ORDER;
    struct err err;

    (void)state;
    assert_int_equal(
        restriction_kind_parse(&kind, "no-contact", &err), ERR_USAGE);
    assert_non_null(strstr(err.text, "do-not-contact, "));
    assert_non_null(strstr(err.text, "pupil-not-to-be-named"));
    assert_int_equal(restriction_basis_parse(&basis, "", &err), ERR_USAGE);
    assert_non_null(strstr(err.text, "court-order, "));
    assert_int_equal(kind, RESTRICTION_NO_TEXT);
    assert_int_equal(basis, BASIS_COURT_ORDER);
}

static void test_hides_while_in_force_and_only_two_kinds(void **state)
{
    (void)state;
    for (int i = RESTRICTION_DO_NOT_CONTACT;
         i <= RESTRICTION_PUPIL_NOT_TO_BE_NAMED; i++) {
        struct restriction r = {.kind = (enum restriction_kind)i};

        assert_int_equal(restriction_hides(&r),
            i == RESTRICTION_DO_NOT_CONTACT || i == RESTRICTION_NO_INFORMATION);
        r.ended.ms = 1;
        assert_false(restriction_hides(&r));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_read_as_they_are_written),
        cmocka_unit_test(test_an_unknown_name_is_refused_with_the_list),
        cmocka_unit_test(test_hides_while_in_force_and_only_two_kinds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
