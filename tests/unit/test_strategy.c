/* Who is in a group, and which strategy stands. */
#include "outreach/strategy.h"

#include "case_fixture.h"

static const struct laestab HILLSIDE = {"8732001"};

static bool has(struct home *h, const char *group)
{
    home_fold(h);
    return strategy_has(group, &h->reach, h->pupils, h->pupil_count, &HILLSIDE);
}

static void test_a_group_is_what_the_record_states(void **state)
{
    struct home h;

    (void)state;
    home_init(&h);
    assert_false(has(&h, "sen"));
    h.leavers[0].sen_provision = "K";
    assert_true(has(&h, "sen"));
    assert_false(has(&h, "ehcp"));
    h.leavers[0].sen_provision = "E";
    assert_true(has(&h, "sen"));
    assert_true(has(&h, "ehcp"));
    assert_false(has(&h, "fsm"));
    h.leavers[0].fsm = STATED_YES;
    assert_true(has(&h, "fsm"));
    h.leavers[0].in_care = STATED_NO;
    assert_false(has(&h, "in-care"));
    assert_true(has(&h, "from:8732001"));
    assert_false(has(&h, "from:8732002"));
}

static void test_a_language_is_that_of_who_has_care(void **state)
{
    struct home h;

    (void)state;
    home_init(&h);
    assert_false(has(&h, "language:SOM"));
    h.contacts[0][1].language = "SOM";
    assert_true(has(&h, "language:SOM"));
    assert_false(has(&h, "interpreter"));
    h.contacts[0][1].interpreter = INTERPRETER_SPOKEN;
    assert_true(has(&h, "interpreter"));
    h.contacts[0][1].responsibility = STATED_NO;
    assert_false(has(&h, "language:SOM"));
    assert_false(has(&h, "interpreter"));
    h.contacts[0][1].responsibility = STATED_YES;
    assert_true(has(&h, "interpreter"));
    home_restrict(&h, 2); /* and never of somebody who is hidden */
    assert_false(has(&h, "language:SOM"));
    assert_false(has(&h, "interpreter"));
}

static void test_only_what_can_be_told_is_a_group(void **state)
{
    static const char *const good[] = {
        "language:SOM", "interpreter", "sen", "from:8732001", "service"};
    static const char *const bad[] = {"", "language:", "language:Somali",
        "from:12", "from:", "clever", "SEN"};

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(strategy_is_group(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(strategy_is_group(bad[i]));
    assert_true(strategy_is_step(ADJUST_TEXT_FIRST));
    assert_false(strategy_is_step(ADJUST_NONE));
    assert_false(strategy_is_step(ADJUST_CRECHE));
}

static void test_the_newest_word_of_a_name_stands(void **state)
{
    struct home h;
    struct strategy s;

    (void)state;
    home_init(&h);
    h.leavers[0].sen_provision = "K";
    for (int i = 0; i < 3; i++) {
        struct event *e = home_add(&h, EVENT_STRATEGY, WEDNESDAY + i * HOUR);

        e->u.strategy = (struct event_strategy){.name = i == 2 ? "b" : "a",
            .group = "sen",
            .first = i == 0 ? ADJUST_TEXT_FIRST : ADJUST_EVENING_CALL};
    }
    home_fold(&h);
    s = strategy_of(h.events, h.event_count, &h.reach, h.pupils, 1, &HILLSIDE);
    assert_int_equal(s.first, 1U << ADJUST_EVENING_CALL);
    assert_string_equal(s.why, "b");
    h.events[2].u.strategy.ended = true;
    s = strategy_of(h.events, h.event_count, &h.reach, h.pupils, 1, &HILLSIDE);
    assert_string_equal(s.why, "a");
    h.events[1].u.strategy.ended = true;
    s = strategy_of(h.events, h.event_count, &h.reach, h.pupils, 1, &HILLSIDE);
    assert_int_equal(s.first, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_group_is_what_the_record_states),
        cmocka_unit_test(test_a_language_is_that_of_who_has_care),
        cmocka_unit_test(test_only_what_can_be_told_is_a_group),
        cmocka_unit_test(test_the_newest_word_of_a_name_stands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
