/* What two hubs say of the schools, put together: no hub can make a report, or
 * make an old one look new. */
#include "survey_town.h"

static const struct survey_school *of(const struct survey_town *town, int who)
{
    const struct laestab laestab = town_school(who);

    return survey_school(&town->survey, &laestab);
}

static struct hubreport_school said(int who, int64_t age)
{
    return (struct hubreport_school){.school = town_school(who),
        .reported = {TOWN_NOW.ms - age},
        .waiting = 2,
        .oldest = {TOWN_NOW.ms - age},
        .turned_away = 1,
        .turned_away_at = {TOWN_NOW.ms - age},
        .complaints = 3,
        .crowded = 4};
}

static void test_a_school_of_which_nothing_is_said_is_silent(void **state)
{
    struct survey_town *town = *state;

    assert_int_equal(town->survey.school_count, 3);
    assert_int_equal(town->survey.hub_count, 1);
    assert_int_equal(of(town, ANN)->state, SURVEY_SILENT);
    assert_string_equal(of(town, ANN)->entry->name, "Ann");
}

static void test_the_newest_report_of_two_hubs_counts(void **state)
{
    struct survey_town *town = *state;
    struct report old = survey_town_good(ANN);
    struct report new = survey_town_good(ANN);
    SCOPED(buf_free) struct buf old_wire = BUF_EMPTY;
    SCOPED(buf_free) struct buf new_wire = BUF_EMPTY;

    old.at.ms -= SURVEY_HOUR;
    old.leavers = 10;
    new.leavers = 20;
    survey_town_sign(&old_wire, town, ANN, &old);
    survey_town_sign(&new_wire, town, ANN, &new);
    survey_town_hub(town, "tcp://first:1", said(ANN, SURVEY_MINUTE), &new_wire);
    /* the second hands out an old one as if it had just come */
    survey_town_hub(town, "tcp://second:1", said(ANN, 0), &old_wire);
    assert_int_equal(of(town, ANN)->state, SURVEY_GOOD);
    assert_int_equal(of(town, ANN)->report.leavers, 20);
    assert_string_equal(of(town, ANN)->hub, "tcp://first:1");
    assert_int_equal(of(town, ANN)->waiting, 4);
    assert_int_equal(of(town, ANN)->turned_away, 2);
    assert_int_equal(of(town, ANN)->complaints, 6);
    assert_int_equal(of(town, ANN)->crowded, 8);
}

static void test_an_old_report_is_as_old_as_it_says(void **state)
{
    struct survey_town *town = *state;
    struct report old = survey_town_good(ANN);
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;

    old.at.ms = TOWN_NOW.ms - 3 * SURVEY_DAY;
    survey_town_sign(&wire, town, ANN, &old);
    survey_town_hub(town, "tcp://first:1", said(ANN, 0), &wire);
    assert_int_equal(of(town, ANN)->at.ms, TOWN_NOW.ms - 3 * SURVEY_DAY);
}

/* A clock that is a day slow must not make a school silent. */
static void test_a_wrong_clock_is_taken_into_account(void **state)
{
    struct survey_town *town = *state;
    struct report slow = survey_town_good(ANN);
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;

    slow.at.ms -= SURVEY_DAY;
    slow.skew_ms = SURVEY_DAY;
    survey_town_sign(&wire, town, ANN, &slow);
    survey_town_hub(town, "tcp://first:1", said(ANN, SURVEY_MINUTE), &wire);
    assert_int_equal(of(town, ANN)->at.ms, TOWN_NOW.ms - SURVEY_MINUTE);
}

static void test_a_report_by_another_hand_is_named(void **state)
{
    struct survey_town *town = *state;
    const struct report of_ann = survey_town_good(ANN);
    const struct report good = survey_town_good(BEA);
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;
    SCOPED(buf_free) struct buf bent = BUF_EMPTY;

    /* signed by Bea, of Ann; then Bea's own, but in Ann's place */
    survey_town_sign(&wire, town, BEA, &of_ann);
    survey_town_hub(town, "tcp://first:1", said(ANN, 0), &wire);
    assert_int_equal(of(town, ANN)->state, SURVEY_FORGED);
    survey_town_hub(town, "tcp://first:1", said(BEA, 0), &wire);
    assert_int_equal(of(town, BEA)->state, SURVEY_FORGED);
    /* a bit of it changed */
    survey_town_sign(
        &bent, town, CAT, &(struct report){.school = town_school(CAT)});
    bent.data[bent.len / 2] ^= 1;
    survey_town_hub(town, "tcp://first:1", said(CAT, 0), &bent);
    assert_int_equal(of(town, CAT)->state, SURVEY_FORGED);
    /* what another hub has is believed, and is not replaced */
    survey_town_report(town, BEA, &good);
    assert_int_equal(of(town, BEA)->state, SURVEY_GOOD);
    survey_town_hub(town, "tcp://second:1", said(BEA, 0), &bent);
    assert_int_equal(of(town, BEA)->state, SURVEY_GOOD);
}

static void test_a_signed_report_that_cannot_be_read_is_no_forgery(void **state)
{
    struct survey_town *town = *state;
    struct report strange = survey_town_good(ANN);
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;

    strange.cohort = (struct report_cohort){.pupils = 1, .contacted = 2};
    strange.has_cohort = true; /* more contacted than there are */
    survey_town_sign(&wire, town, ANN, &strange);
    survey_town_hub(town, "tcp://first:1", said(ANN, 0), &wire);
    assert_int_equal(of(town, ANN)->state, SURVEY_UNREADABLE);
}

static void test_a_school_outside_the_directory_is_passed_over(void **state)
{
    struct survey_town *town = *state;
    struct hubreport_school stranger = said(ANN, 0);
    const struct buf none = BUF_EMPTY;

    stranger.school = (struct laestab){"8739999"};
    survey_town_hub(town, "tcp://first:1", stranger, &none);
    assert_null(survey_school(&town->survey, &stranger.school));
    assert_string_equal(
        survey_name(&town->survey, &stranger.school), "8739999");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SURVEY_TEST(test_a_school_of_which_nothing_is_said_is_silent),
        SURVEY_TEST(test_the_newest_report_of_two_hubs_counts),
        SURVEY_TEST(test_an_old_report_is_as_old_as_it_says),
        SURVEY_TEST(test_a_wrong_clock_is_taken_into_account),
        SURVEY_TEST(test_a_report_by_another_hand_is_named),
        SURVEY_TEST(test_a_signed_report_that_cannot_be_read_is_no_forgery),
        SURVEY_TEST(test_a_school_outside_the_directory_is_passed_over),
    };

    return cmocka_run_group_tests(tests, survey_town_found, survey_town_end);
}
