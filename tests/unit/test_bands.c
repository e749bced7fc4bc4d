/* Parts of the day, call hours, and times as people type them. */
#include "case_fixture.h"

#include "base/err.h"
#include "outreach/when.h"

static wall utc(const char *text)
{
    wall when;

    assert_int_equal(clock_parse(&when, text, NULL), 0);
    return when;
}

static void test_tells_the_part_of_the_day_by_the_clock_in_england(void **state)
{
    static const struct {
        const char *utc;
        enum band band;
    } cases[] = {
        {"2027-06-16T10:59:59Z", BAND_MORNING},
        {"2027-06-16T11:00:00Z", BAND_AFTERNOON},
        {"2027-06-16T15:59:59Z", BAND_AFTERNOON},
        {"2027-06-16T16:00:00Z", BAND_EVENING},
        {"2027-01-13T11:59:59Z", BAND_MORNING},
        {"2027-01-13T12:00:00Z", BAND_AFTERNOON},
        {"2027-06-19T08:00:00Z", BAND_SATURDAY},
        {"2027-06-20T08:00:00Z", BAND_SATURDAY},
        {"2027-06-18T23:00:00Z", BAND_SATURDAY}, /* midnight in England */
        {"2027-06-20T23:00:00Z", BAND_MORNING},
        /* the nights in which the clocks change */
        {"2027-03-28T00:59:00Z", BAND_SATURDAY},
        {"2027-10-31T23:59:00Z", BAND_SATURDAY},
        {"2027-11-01T00:00:00Z", BAND_MORNING},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (bands_of(utc(cases[i].utc)) != cases[i].band)
            fail_msg("%s", cases[i].utc);
}

static void test_there_and_back_at_every_hour_of_a_year(void **state)
{
    (void)state;
    for (int64_t ms = utc("2027-01-01T00:00:00Z").ms;
         ms < utc("2028-01-02T00:00:00Z").ms; ms += HOUR) {
        const struct bands_local local = bands_local((wall){ms});
        const wall back = bands_moment(local.day, local.minute);

        assert_in_range(local.minute, 0, 24 * 60 - 1);
        /* the hour that comes twice */
        if (back.ms != ms && back.ms != ms - HOUR)
            fail_msg("hour %lld", (long long)ms);
    }
}

static void test_opens_and_closes(void **state)
{
    const struct bands_hours hours = bands_usual_hours();

    (void)state;
    assert_true(bands_open(&hours, utc("2027-06-16T07:30:00Z")));
    assert_false(bands_open(&hours, utc("2027-06-16T07:29:00Z")));
    assert_true(bands_open(&hours, utc("2027-06-16T18:29:00Z")));
    assert_false(bands_open(&hours, utc("2027-06-16T18:30:00Z")));
    assert_true(bands_open(&hours, utc("2027-06-19T09:00:00Z")));
    assert_false(bands_open(&hours, utc("2027-06-19T12:00:00Z")));
    assert_false(bands_open(&hours, utc("2027-06-20T09:00:00Z")));
    assert_int_equal(bands_next_open(&hours, utc("2027-06-16T19:00:00Z")).ms,
        utc("2027-06-17T07:30:00Z").ms);
    assert_int_equal(bands_next_open(&hours, utc("2027-06-19T12:00:00Z")).ms,
        utc("2027-06-21T07:30:00Z").ms);
    /* Saturday before the clocks change to Monday after */
    assert_int_equal(bands_next_open(&hours, utc("2026-03-28T14:00:00Z")).ms,
        utc("2026-03-30T07:30:00Z").ms);
    /* and over Easter Monday */
    assert_false(bands_open(&hours, utc("2027-03-29T09:00:00Z")));
    assert_int_equal(bands_next_open(&hours, utc("2027-03-27T14:00:00Z")).ms,
        utc("2027-03-30T07:30:00Z").ms);
    /* Boxing Day is a Saturday: the Saturday after is the next */
    assert_int_equal(
        bands_next(&hours, utc("2026-12-26T08:00:00Z"), BAND_SATURDAY).ms,
        utc("2027-01-02T10:00:00Z").ms);
    assert_int_equal(
        bands_next(&hours, utc("2027-06-16T09:00:00Z"), BAND_EVENING).ms,
        utc("2027-06-16T16:00:00Z").ms);
    assert_int_equal(
        bands_next(&hours, utc("2027-06-16T19:00:00Z"), BAND_EVENING).ms,
        utc("2027-06-17T16:00:00Z").ms);
    assert_int_equal(
        bands_next(&hours, utc("2027-06-16T09:00:00Z"), BAND_MORNING).ms,
        utc("2027-06-16T09:00:00Z").ms);
}

static void test_reads_times_as_people_type_them(void **state)
{
    static const struct {
        const char *typed;
        const char *utc;
    } cases[] = {
        {"17:40", "2027-06-16T16:40:00Z"},
        {"9:05", "2027-06-17T08:05:00Z"}, /* that is past today */
        {"today 17:40", "2027-06-16T16:40:00Z"},
        {"tomorrow 10:00", "2027-06-17T09:00:00Z"},
        {"thu 17:40", "2027-06-17T16:40:00Z"},
        {"Tue 10:00", "2027-06-22T09:00:00Z"},
        {"tuesday 10:00", "2027-06-22T09:00:00Z"},
        {"wed 09:00", "2027-06-23T08:00:00Z"},
        {"wed 17:00", "2027-06-16T16:00:00Z"},
        {"2027-07-01 08:30", "2027-07-01T07:30:00Z"},
        {"2027-12-01T08:30", "2027-12-01T08:30:00Z"},
    };
    const wall now = {WEDNESDAY};
    wall when;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {.text = ""};

        if (when_parse(&when, cases[i].typed, now, &err) < 0 ||
            when.ms != utc(cases[i].utc).ms)
            fail_msg("%s: %s", cases[i].typed, err.text);
    }
}

static void test_refuses_what_is_no_time_or_past(void **state)
{
    static const char *const bad[] = {"", "soon", "25:00", "17:60", "17:4x",
        "blursday 10:00", "thu", "2027-02-30 10:00", "2027-06-15 10:00",
        "today 09:00", "2027-06-16T", " ", "T"};
    wall when;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (when_parse(&when, bad[i], (wall){WEDNESDAY}, NULL) != ERR_USAGE)
            fail_msg("taken: %s", bad[i]);
}

static void test_says_a_time_as_people_do(void **state)
{
    char text[WHEN_TEXT_SIZE];

    (void)state;
    assert_string_equal(
        when_format((wall){WEDNESDAY}, text), "Wed 16 Jun 10:00");
    assert_string_equal(when_format((wall){0}, text), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_tells_the_part_of_the_day_by_the_clock_in_england),
        cmocka_unit_test(test_there_and_back_at_every_hour_of_a_year),
        cmocka_unit_test(test_opens_and_closes),
        cmocka_unit_test(test_reads_times_as_people_type_them),
        cmocka_unit_test(test_refuses_what_is_no_time_or_past),
        cmocka_unit_test(test_says_a_time_as_people_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
