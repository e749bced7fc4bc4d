#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "record/date.h"

static struct date day(const char *text)
{
    struct date date;

    assert_int_equal(date_parse(&date, text, NULL), 0);
    return date;
}

static void test_reads_and_writes_days_that_exist(void **state)
{
    static const char *const days[] = {
        "2015-03-31", "2016-02-29", "2000-02-29", "1970-01-01", "9999-12-31"};

    (void)state;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        char text[DATE_TEXT_SIZE];

        assert_string_equal(date_format(day(days[i]), text), days[i]);
    }
}

static void test_refuses_every_other_form_and_day(void **state)
{
    static const char *const bad[] = {"", "2015-3-31", "31/03/2015",
        "2015-02-29", "1900-02-29", "2019-06-31", "2015-13-01", "2015-00-01",
        "2015-01-00", "0000-01-01", "2015-03-31T00:00", " 2015-03-31",
        "2015-03-3a", "+015-03-31"};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct date date = {.year = 7};

        assert_int_equal(date_parse(&date, bad[i], NULL), ERR_MALFORMED);
        assert_int_equal(date.year, 7);
    }
}

static void test_no_date_is_empty_text(void **state)
{
    char text[DATE_TEXT_SIZE] = "x";
    const struct date none = {.year = 0};

    (void)state;
    assert_false(date_is_set(none));
    assert_string_equal(date_format(none, text), "");
}

static void test_orders_days(void **state)
{
    (void)state;
    assert_true(date_compare(day("2015-03-31"), day("2015-04-01")) < 0);
    assert_true(date_compare(day("2016-01-01"), day("2015-12-31")) > 0);
    assert_true(date_compare(day("2015-03-30"), day("2015-03-31")) < 0);
    assert_int_equal(date_compare(day("2015-03-31"), day("2015-03-31")), 0);
}

static void test_day_numbers_go_there_and_back(void **state)
{
    (void)state;
    assert_int_equal(date_day_number(day("1970-01-01")), 0);
    assert_int_equal(date_day_number(day("1969-12-31")), -1);
    assert_int_equal(date_day_number(day("2000-03-01")), 11017);
    for (int32_t n = -150000; n < 150000; n += 37) {
        const struct date date = date_from_day_number(n);

        assert_int_equal(date_day_number(date), n);
        assert_true(date_compare(date, date_from_day_number(n + 1)) < 0);
    }
}

static void test_today_in_england_is_an_hour_ahead_in_summer(void **state)
{
    static const struct {
        const char *now, *today;
    } cases[] = {
        {"2027-01-15T23:59:59Z", "2027-01-15"},
        {"2027-06-15T22:59:59Z", "2027-06-15"},
        {"2027-06-15T23:00:00Z", "2027-06-16"},
        /* summer time from Sunday 28 March 2027 to Sunday 31 October */
        {"2027-03-27T23:30:00Z", "2027-03-27"},
        {"2027-03-28T23:30:00Z", "2027-03-29"},
        {"2027-10-30T23:30:00Z", "2027-10-31"},
        {"2027-10-31T23:30:00Z", "2027-10-31"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[DATE_TEXT_SIZE];
        wall now;

        assert_int_equal(clock_parse(&now, cases[i].now, NULL), 0);
        assert_string_equal(date_format(date_today(now), text), cases[i].today);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_and_writes_days_that_exist),
        cmocka_unit_test(test_refuses_every_other_form_and_day),
        cmocka_unit_test(test_no_date_is_empty_text),
        cmocka_unit_test(test_orders_days),
        cmocka_unit_test(test_day_numbers_go_there_and_back),
        cmocka_unit_test(test_today_in_england_is_an_hour_ahead_in_summer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
