/* schooldays: bank holidays by rule, times at which a school is closed, and the
 * working days between them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "outreach/schooldays.h"

static struct date day_of(const char *text)
{
    struct date day;

    assert_int_equal(date_parse(&day, text, NULL), 0);
    return day;
}

/* As the government has published them. */
static void test_bank_holidays_of_england(void **state)
{
    static const char *const published[] = {"2021-01-01", "2021-04-02",
        "2021-04-05", "2021-05-03", "2021-05-31", "2021-08-30", "2021-12-27",
        "2021-12-28", "2022-01-03", "2022-12-26", "2022-12-27", "2023-01-02",
        "2024-01-01", "2024-03-29", "2024-04-01", "2024-05-06", "2024-05-27",
        "2024-08-26", "2024-12-25", "2024-12-26", "2025-04-18", "2025-04-21",
        "2026-04-03", "2026-04-06", "2026-12-25", "2026-12-28", "2027-01-01",
        "2027-03-26", "2027-03-29", "2027-05-03", "2027-05-31", "2027-08-30",
        "2027-12-27", "2027-12-28"};
    static const char *const others[] = {"2021-12-29", "2022-01-04",
        "2024-01-02", "2024-03-28", "2024-05-13", "2024-05-20", "2024-08-19",
        "2025-04-17", "2026-12-29", "2027-12-29", "2027-06-14", "2027-09-02"};

    (void)state;
    for (size_t i = 0; i < sizeof published / sizeof *published; i++)
        if (!schooldays_is_bank_holiday(day_of(published[i])))
            fail_msg("%s is a bank holiday", published[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (schooldays_is_bank_holiday(day_of(others[i])))
            fail_msg("%s is none", others[i]);
}

/* Every year has eight on weekdays. */
static void test_there_are_eight_a_year(void **state)
{
    static const struct schooldays none = {.count = 0};

    (void)state;
    for (int16_t year = 2000; year < 2200; year++) {
        const int32_t last = date_day_number((struct date){year, 12, 31});
        unsigned count = 0;

        for (int32_t n = date_day_number((struct date){year, 1, 1}); n <= last;
             n++) {
            const struct date day = date_from_day_number(n);
            const bool weekday = ((n + 3) % 7 + 7) % 7 < 5;

            assert_int_equal(schooldays_is_open(&none, day),
                weekday && !schooldays_is_bank_holiday(day));
            count += weekday && schooldays_is_bank_holiday(day);
        }
        assert_int_equal(count, 8);
    }
}

static const char *text_of(const struct schooldays *days)
{
    static char text[SCHOOLDAYS_TEXT_SIZE];

    return schooldays_format(days, text);
}

static void set(
    struct schooldays *days, const char *first, const char *last, bool closed)
{
    assert_int_equal(
        schooldays_set(days, day_of(first), day_of(last), closed, NULL), 0);
}

static void test_times_that_touch_become_one(void **state)
{
    struct schooldays days = {.count = 0};
    struct schooldays again;

    (void)state;
    set(&days, "2027-10-25", "2027-10-29", true);
    set(&days, "2027-07-22", "2027-08-20", true);
    set(&days, "2027-08-21", "2027-09-01", true);
    set(&days, "2027-05-31", "2027-06-04", true);
    assert_string_equal(text_of(&days),
        "2027-05-31..2027-06-04,2027-07-22..2027-09-01,"
        "2027-10-25..2027-10-29");
    schooldays_parse(&again, text_of(&days));
    assert_int_equal(again.count, 3);
    set(&days, "2027-05-01", "2027-12-31", true);
    assert_string_equal(text_of(&days), "2027-05-01..2027-12-31");
}

static void test_open_after_all(void **state)
{
    struct schooldays days = {.count = 0};

    (void)state;
    set(&days, "2027-07-22", "2027-09-01", true);
    set(&days, "2027-08-19", "2027-08-20", false);
    assert_string_equal(
        text_of(&days), "2027-07-22..2027-08-18,2027-08-21..2027-09-01");
    set(&days, "2027-07-01", "2027-08-18", false);
    assert_string_equal(text_of(&days), "2027-08-21..2027-09-01");
    set(&days, "2027-01-01", "2027-12-31", false);
    assert_int_equal(days.count, 0);
}

static void test_the_next_working_day(void **state)
{
    struct schooldays days = {.count = 0};

    (void)state;
    assert_int_equal(date_compare(schooldays_after(&days, day_of("2027-05-28")),
                         day_of("2027-06-01")),
        0); /* a Friday before the spring bank holiday */
    set(&days, "2027-05-31", "2027-06-04", true);
    assert_int_equal(date_compare(schooldays_after(&days, day_of("2027-05-28")),
                         day_of("2027-06-07")),
        0);
    assert_int_equal(date_compare(schooldays_from(&days, day_of("2027-06-07")),
                         day_of("2027-06-07")),
        0);
}

static void test_what_makes_no_sense(void **state)
{
    static const char *const texts[] = {"", "..", "2027-07-22..",
        "2027-09-01..2027-07-22", "2027-02-30", "22 July", "2027-07-22-23",
        "2027-07-22..2027-09-01..2027-10-01"};
    struct schooldays days = {.count = 0};
    struct schooldays_time time;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(
            schooldays_parse_time(&time, texts[i], NULL), ERR_MALFORMED);
    schooldays_parse(&days, "x,2027-07-22..2027-07-23,,9999999999999999999999");
    assert_int_equal(days.count, 1);
    for (int i = 0; i < SCHOOLDAYS_MAX - 1; i++)
        assert_int_equal(
            schooldays_set(&days, date_from_day_number(30000 + 3 * i),
                date_from_day_number(30000 + 3 * i), true, NULL),
            0);
    assert_int_equal(schooldays_set(&days, date_from_day_number(40000),
                         date_from_day_number(40000), true, NULL),
        ERR_FULL);
    assert_int_equal(days.count, SCHOOLDAYS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bank_holidays_of_england),
        cmocka_unit_test(test_there_are_eight_a_year),
        cmocka_unit_test(test_times_that_touch_become_one),
        cmocka_unit_test(test_open_after_all),
        cmocka_unit_test(test_the_next_working_day),
        cmocka_unit_test(test_what_makes_no_sense),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
