/* What is tried next, and that it is never the try that just failed. */
#include "case_fixture.h"

#include <stdlib.h>

#include "outreach/languages.h"

static unsigned dice; /* the random numbers, from a seed */

static void test_suggests_the_first_number_now(void **state)
{
    struct home h;
    struct planner_suggestion s;

    (void)state;
    home_init(&h);
    s = home_plan(&h);
    assert_int_equal(s.contact, 1);
    assert_int_equal(s.point, 1);
    assert_int_equal(s.channel, CHANNEL_VOICE);
    assert_int_equal(s.band, BAND_MORNING);
    assert_int_equal(s.when.ms, WEDNESDAY);
    assert_string_equal(s.why, "nobody has tried yet");
}

static void test_another_part_of_the_day_after_no_answer(void **state)
{
    struct home h;
    struct planner_suggestion s;

    (void)state;
    home_init(&h);
    home_try(&h, OUTCOME_NO_ANSWER, WEDNESDAY - DAY);
    s = home_plan(&h);
    assert_int_not_equal(s.band, BAND_MORNING);
    assert_non_null(strstr(s.why, "rung once in the morning"));
    assert_non_null(strstr(s.why, "not tried yet"));
}

static void test_the_next_number_after_a_wrong_one_and_asks_the_primary(
    void **state)
{
    struct home h;
    struct planner_suggestion s;

    (void)state;
    home_init(&h);
    home_try(&h, OUTCOME_WRONG_NUMBER, WEDNESDAY - MINUTE);
    s = home_plan(&h);
    assert_int_equal(s.contact, 1);
    assert_int_equal(s.point, 2);           /* of the same contact first */
    assert_int_equal(s.band, BAND_MORNING); /* at once */
    assert_true(s.ask_primary);
    home_try(&h, OUTCOME_NOT_IN_SERVICE, WEDNESDAY - MINUTE)->value =
        "+441632960118";
    s = home_plan(&h);
    assert_int_equal(s.contact, 2);
}

static void test_a_spent_band_waits_for_the_others(void **state)
{
    struct home h;

    (void)state;
    home_init(&h);
    home_try(&h, OUTCOME_NO_ANSWER, WEDNESDAY - 2 * DAY);
    home_try(&h, OUTCOME_VM_NONE, WEDNESDAY - DAY)->value = "+441632960118";
    home_try(&h, OUTCOME_SENT, WEDNESDAY - DAY + HOUR)->channel = CHANNEL_TEXT;
    assert_int_not_equal(home_plan(&h).band, BAND_MORNING);
}

static void test_a_text_first_after_two_failures(void **state)
{
    struct home h;
    struct planner_suggestion s;

    (void)state;
    home_init(&h);
    home_try(&h, OUTCOME_NO_ANSWER, WEDNESDAY - 2 * DAY);
    home_try(&h, OUTCOME_NO_ANSWER, WEDNESDAY - 2 * DAY + 8 * HOUR);
    s = home_plan(&h);
    assert_int_equal(s.channel, CHANNEL_TEXT);
    home_try(&h, OUTCOME_SENT, WEDNESDAY - DAY)->channel = CHANNEL_TEXT;
    assert_int_equal(home_plan(&h).channel, CHANNEL_VOICE);
}

static void test_a_strategy_of_the_group_comes_before_the_usual_order(
    void **state)
{
    struct home h;
    struct planner_suggestion s;

    (void)state;
    home_init(&h);
    assert_int_equal(home_plan(&h).channel, CHANNEL_VOICE);
    h.strategy = (struct strategy){1U << ADJUST_TEXT_FIRST, "Somali welcome"};
    s = home_plan(&h);
    assert_int_equal(s.channel, CHANNEL_TEXT);
    assert_non_null(strstr(s.why, "as for all in \"Somali welcome\""));
    home_try(&h, OUTCOME_SENT, WEDNESDAY - DAY)->channel = CHANNEL_TEXT;
    assert_int_equal(home_plan(&h).channel, CHANNEL_VOICE);
    h.strategy.first = 1U << ADJUST_EVENING_CALL;
    assert_int_equal(home_plan(&h).band, BAND_EVENING);
    assert_false(home_plan(&h).ask_primary);
    h.strategy.first = 1U << ADJUST_VIA_PRIMARY;
    assert_true(home_plan(&h).ask_primary);
}

static void test_help_from_the_primary_then_a_letter_then_the_lead(void **state)
{
    static const int hours[] = {-170, -160, -120, -70, -44};
    struct home h;
    struct planner_suggestion s;

    (void)state;
    home_init(&h);
    for (size_t i = 0; i < 5; i++) {
        s = home_plan(&h);
        assert_int_equal(s.ask_primary, i >= 3);
        assert_int_equal(s.write, i >= 4);
        assert_int_equal(s.other_caller, i >= 4);
        home_try(&h, OUTCOME_NO_ANSWER, WEDNESDAY + hours[i] * HOUR);
    }
    s = home_plan(&h);
    assert_true(s.lead);
    assert_non_null(strstr(s.why, "the lead decides"));
}

static void test_an_appointment_before_anything_else(void **state)
{
    struct home h;
    struct planner_suggestion s;

    (void)state;
    home_init(&h);
    home_try(&h, OUTCOME_CALL_BACK, WEDNESDAY - HOUR)->call_back.ms =
        WEDNESDAY + 7 * HOUR + 40 * MINUTE;
    s = home_plan(&h);
    assert_int_equal(s.when.ms, WEDNESDAY + 7 * HOUR + 40 * MINUTE);
    assert_int_equal(s.band, BAND_EVENING);
    assert_int_equal(s.contact, 1);
    assert_non_null(strstr(s.why, "by jl"));
}

static void test_a_language_needs_an_interpreter_or_who_speaks_it(void **state)
{
    const struct planner_caller speaks = {"am", "en,so"};
    struct home h;
    struct planner_suggestion s;
    struct event_attempt *a;

    (void)state;
    home_init(&h);
    a = home_try(&h, OUTCOME_LANGUAGE, WEDNESDAY - DAY);
    a->language = "SOM";
    s = home_plan(&h);
    assert_true(s.interpreter);
    planner_suggest(&s, &h.facts, &h.state, &speaks);
    assert_false(s.interpreter);
    a->language = "BSL"; /* by video, never by voice alone */
    s = home_plan(&h);
    assert_int_equal(s.channel, CHANNEL_VIDEO);
    home_init(&h); /* not known is not English, and no reason for one */
    assert_false(home_plan(&h).interpreter);
}

static void test_stated_times_outweigh_what_is_guessed(void **state)
{
    struct home h;
    struct event *e;

    (void)state;
    home_init(&h);
    e = home_add(&h, EVENT_PREFERENCE, WEDNESDAY - DAY);
    e->u.preference = (struct event_preference){.record = 57,
        .contact = 1,
        .good_bands = BAND_BIT(BAND_SATURDAY),
        .bad_bands = BAND_BIT(BAND_MORNING),
        .caller = "",
        .language = ""};
    assert_int_equal(home_plan(&h).band, BAND_SATURDAY);
}

static void test_says_so_when_nobody_can_be_rung(void **state)
{
    struct home h;
    struct planner_suggestion s;

    (void)state;
    home_init(&h);
    home_restrict(&h, 0);
    s = home_plan(&h);
    assert_int_equal(s.contact, 0);
    assert_int_equal(s.channel, CHANNEL_VIA_PRIMARY);
    assert_non_null(strstr(s.why, "no number can be rung"));
}

static void test_voicemail_and_text_wishes_are_kept(void **state)
{
    struct home h;

    (void)state;
    home_init(&h);
    home_restrict(&h, 1);
    h.restriction.kind = RESTRICTION_NO_TEXT;
    home_try(&h, OUTCOME_NO_ANSWER, WEDNESDAY - 2 * DAY);
    home_try(&h, OUTCOME_NO_ANSWER, WEDNESDAY - 2 * DAY + 8 * HOUR);
    /* the father may be texted */
    assert_int_equal(home_plan(&h).contact, 2);
}

/* --- the property --- */

static const enum outcome failing[] = {OUTCOME_NO_ANSWER, OUTCOME_VM_LEFT,
    OUTCOME_VM_NONE, OUTCOME_OTHER_PERSON, OUTCOME_HUNG_UP,
    OUTCOME_WRONG_NUMBER, OUTCOME_NOT_IN_SERVICE, OUTCOME_BOUNCED};

/* Try as suggested, fail, ask again: for as long as anything can be tried. */
static void follow(struct home *h)
{
    const char *last_value = "";
    struct planner_suggestion last = {0};

    for (int n = 0; n < 12; n++) {
        const struct planner_suggestion s = home_plan(h);
        const struct reach_person *person = reach_person(&h->reach, s.contact);
        const struct reach_point *point =
            person == NULL ? NULL : reach_point(person, s.point);
        struct event_attempt *a;

        if (point == NULL)
            return;
        if (s.channel == last.channel && s.band == last.band &&
            strcmp(point->value, last_value) == 0)
            fail_msg("the same try again: %s", s.why);
        assert_true(s.why[0] != '\0');
        h->now.ms = (s.when.ms > h->now.ms ? s.when.ms : h->now.ms);
        a = home_try(h, failing[rand_r(&dice) % 8], h->now.ms);
        a->band = s.band;
        a->record = person->record;
        a->contact = person->contact;
        a->value = point->value;
        a->channel = s.channel;
        last = s;
        last_value = point->value;
        h->now.ms += (1 + rand_r(&dice) % 70) * HOUR;
    }
}

static void test_never_repeats_the_try_that_failed(void **state)
{
    (void)state;
    dice = 2027;
    for (int round = 0; round < 2000; round++) {
        struct home h;

        home_init(&h);
        h.now.ms = WEDNESDAY + rand_r(&dice) % 240 * HOUR;
        if (rand_r(&dice) % 3 == 0)
            home_restrict(&h, 2);
        follow(&h);
    }
}

static void test_never_suggests_whom_a_restriction_hides(void **state)
{
    (void)state;
    dice = 11;
    for (int round = 0; round < 500; round++) {
        struct home h;
        struct planner_suggestion s;

        home_init(&h);
        home_restrict(&h, 1 + (uint32_t)rand_r(&dice) % 2);
        for (int n = rand_r(&dice) % 6; n > 0; n--)
            home_try(&h, failing[rand_r(&dice) % 8],
                WEDNESDAY - (n * 9 + rand_r(&dice) % 5) * HOUR);
        s = home_plan(&h);
        assert_int_not_equal(s.contact, h.restriction.contact);
        assert_false(visible_betrays(&h.leavers[0], s.why));
    }
}

static void test_knows_languages_by_both_codes(void **state)
{
    (void)state;
    assert_true(languages_speaks("en,so", "SOM"));
    assert_true(languages_speaks("en, URD", "URD"));
    assert_true(languages_speaks("pl", "POL"));
    assert_false(languages_speaks("en,so", "POL"));
    assert_false(languages_speaks("", "ENG"));
    assert_false(languages_speaks("en", ""));
    assert_false(languages_speaks("english-and-more", "ENG"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_a_strategy_of_the_group_comes_before_the_usual_order),
        cmocka_unit_test(test_suggests_the_first_number_now),
        cmocka_unit_test(test_another_part_of_the_day_after_no_answer),
        cmocka_unit_test(
            test_the_next_number_after_a_wrong_one_and_asks_the_primary),
        cmocka_unit_test(test_a_spent_band_waits_for_the_others),
        cmocka_unit_test(test_a_text_first_after_two_failures),
        cmocka_unit_test(
            test_help_from_the_primary_then_a_letter_then_the_lead),
        cmocka_unit_test(test_an_appointment_before_anything_else),
        cmocka_unit_test(test_a_language_needs_an_interpreter_or_who_speaks_it),
        cmocka_unit_test(test_stated_times_outweigh_what_is_guessed),
        cmocka_unit_test(test_says_so_when_nobody_can_be_rung),
        cmocka_unit_test(test_voicemail_and_text_wishes_are_kept),
        cmocka_unit_test(test_never_repeats_the_try_that_failed),
        cmocka_unit_test(test_never_suggests_whom_a_restriction_hides),
        cmocka_unit_test(test_knows_languages_by_both_codes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
