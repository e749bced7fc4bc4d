/* The list of offers, counted by pair of schools. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "cli/expected.h"

static const struct laestab HILLSIDE = {"8732001"};
static const struct laestab NORTHGATE = {"8734500"};
static const struct laestab ST_ANNES = {"8734501"};

static void read_all(struct expected *out, const char *text)
{
    struct err err = {.text = ""};

    if (expected_read(out, bytes_of(text), &err) < 0)
        fail_msg("%s", err.text);
}

static void test_children_are_counted_by_pair(void **state)
{
    SCOPED(expected_free) struct expected offers;

    (void)state;
    read_all(&offers, "UPN;To;From;school name\n"
                      "A1;8734500;8732001;x\n"
                      "A2;8734500;8732001;\n"
                      "A3;8734501;8732001;\"x;y\"\n");
    assert_int_equal(offers.pupils, 3);
    assert_int_equal(expected_from(&offers, &HILLSIDE, &NORTHGATE), 2);
    assert_int_equal(expected_from(&offers, &HILLSIDE, &ST_ANNES), 1);
    assert_int_equal(expected_from(&offers, &NORTHGATE, &HILLSIDE), 0);
}

static void test_a_list_may_hold_numbers(void **state)
{
    SCOPED(expected_free) struct expected offers;

    (void)state;
    read_all(&offers, "from,to,count\n8732001,8734500,30\n8732001,8734500,0\n"
                      "8732001,8734501,\n");
    assert_int_equal(offers.pupils, 31);
    assert_int_equal(expected_from(&offers, &HILLSIDE, &NORTHGATE), 30);
}

static void test_a_child_that_is_there_twice_is_counted_once(void **state)
{
    SCOPED(expected_free) struct expected offers;
    const json_t *lines;

    (void)state;
    read_all(&offers, "upn,from,to\nA1,8732001,8734500\nA2,8732001,8734500\n"
                      "A1,8732001,8734501\n");
    assert_int_equal(offers.pupils, 2);
    assert_int_equal(json_array_size(offers.duplicates), 1);
    lines = json_object_get(json_array_get(offers.duplicates, 0), "lines");
    assert_int_equal(json_integer_value(json_array_get(lines, 0)), 2);
    assert_int_equal(json_integer_value(json_array_get(lines, 1)), 4);
}

static void test_what_is_no_list_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *text, *error;
    } cases[] = {
        {"from\n8732001\n", "the first line must name the column to"},
        {"from,to\n8732001,8734500\n87,8734500\n",
            "line 3: from is not a LAESTAB (seven digits)"},
        {"from,to\n8732001,\n", "line 2: to is not a LAESTAB (seven digits)"},
        {"from,to,count\n8732001,8734500,-1\n",
            "line 2: count is not a number"},
        {"from,to,count\n8732001,8734500,9x\n",
            "line 2: count is not a number"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct expected offers;
        struct err err = {.text = ""};

        assert_int_equal(expected_read(&offers, bytes_of(cases[i].text), &err),
            ERR_MALFORMED);
        assert_string_equal(err.text, cases[i].error);
        assert_null(offers.pairs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_children_are_counted_by_pair),
        cmocka_unit_test(test_a_list_may_hold_numbers),
        cmocka_unit_test(test_a_child_that_is_there_twice_is_counted_once),
        cmocka_unit_test(test_what_is_no_list_is_refused_with_its_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
