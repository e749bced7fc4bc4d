/* measures: coverage counted from facts, the pace and the forecast. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "outreach/bands.h"
#include "outreach/measures.h"

static const struct date ENTRY = {2027, 9, 2};     /* a Thursday */
static const struct date TODAY = {2027, 6, 15};    /* a Tuesday */
static const struct date TERM_END = {2027, 7, 21}; /* a Wednesday */
static const struct schooldays NEVER = {.count = 0};
static const struct date NONE = {0, 0, 0};

static wall noon(struct date day)
{
    return bands_moment(day, 12 * 60);
}

static void test_counts_each_pupil_once_and_by_facts(void **state)
{
    const struct measures_pupil pupils[] = {
        {noon((struct date){2027, 6, 14}), ENTRY, false},
        {noon((struct date){2027, 5, 3}), ENTRY, false}, {{0}, ENTRY, false},
        {{0}, ENTRY, false},
        {noon((struct date){2027, 6, 1}), ENTRY, true}, /* went elsewhere */
    };
    struct measures m;

    (void)state;
    measures_count(&m, pupils, 5, TERM_END, &NEVER, TODAY);
    assert_int_equal(m.pupils, 4);
    assert_int_equal(m.contacted, 2);
    assert_int_equal(m.to_go, 2);
    assert_int_equal(m.recent, 1);
    assert_int_equal(m.days_left, 27);
    assert_int_equal(date_compare(m.work_end, TERM_END), 0);
    assert_int_equal(date_compare(m.deadline, (struct date){2027, 9, 1}), 0);
    assert_int_equal(m.needed_tenth, 1);
    assert_int_equal(m.pace_tenth, 2);
    /* two at one in five working days: ten of them from tomorrow */
    assert_int_equal(date_compare(m.done_by, (struct date){2027, 6, 29}), 0);
}

static void test_the_entry_day_is_too_late(void **state)
{
    const struct date after = {2027, 9, 10};
    const struct measures_pupil pupils[] = {
        {noon((struct date){2027, 9, 1}), ENTRY, false},
        {noon(ENTRY), ENTRY, false},
        {{0}, ENTRY, false},
    };
    struct measures m;

    (void)state;
    measures_count(&m, pupils, 3, NONE, &NEVER, after);
    assert_int_equal(m.contacted, 1);
    assert_int_equal(m.late, 1);
    assert_int_equal(m.started, 3);
    assert_int_equal(m.at_entry, 1);
    assert_int_equal(m.to_go, 0);
}

static void test_no_pace_is_no_forecast(void **state)
{
    const struct measures_pupil one = {{0}, ENTRY, false};
    struct measures m;

    (void)state;
    measures_count(&m, &one, 1, NONE, &NEVER, TODAY);
    assert_false(date_is_set(m.done_by));
    measures_count(&m, &one, 0, NONE, &NEVER, TODAY);
    assert_int_equal(m.pupils, 0);
    assert_false(date_is_set(m.deadline));
}

static void test_holidays_are_no_working_days(void **state)
{
    const struct measures_pupil pupils[] = {
        {noon((struct date){2027, 6, 14}), ENTRY, false},
        {{0}, ENTRY, false},
        {{0}, ENTRY, false},
    };
    struct schooldays days = {.count = 0};
    struct measures m;

    (void)state;
    measures_count(&m, pupils, 3, NONE, &days, TODAY);
    assert_int_equal(m.days_left, 56); /* 30 August is a bank holiday */
    assert_int_equal(schooldays_set(&days, (struct date){2027, 7, 22},
                         (struct date){2027, 8, 31}, true, NULL),
        0);
    assert_int_equal(schooldays_set(&days, (struct date){2027, 6, 21},
                         (struct date){2027, 6, 22}, true, NULL),
        0);
    measures_count(&m, pupils, 3, NONE, &days, TODAY);
    assert_int_equal(m.days_left, 26);
    /* the ten days of the forecast pass over the two */
    assert_int_equal(date_compare(m.done_by, (struct date){2027, 7, 1}), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_each_pupil_once_and_by_facts),
        cmocka_unit_test(test_the_entry_day_is_too_late),
        cmocka_unit_test(test_no_pace_is_no_forecast),
        cmocka_unit_test(test_holidays_are_no_working_days),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
