/* What the primary is told of a family: a step and its day. */
#include "case_fixture.h"
#include "outreach/coarse.h"

static enum coarse told(struct home *h, size_t pupil)
{
    struct date day;
    enum coarse out;

    home_fold(h);
    out = coarse_of(&day, &h->state, &h->facts, pupil);
    /* no day but that of the first conversation */
    assert_int_equal(date_is_set(day), out == COARSE_CONTACTED);
    return out;
}

static struct home *begin(void)
{
    static struct home h;

    home_init(&h);
    return &h;
}

static void test_nothing_is_told_before_the_first_try(void **state)
{
    (void)state;
    assert_int_equal(told(begin(), 0), COARSE_NONE);
}

static void test_tries_are_told_once_and_never_counted(void **state)
{
    struct home *h = begin();

    (void)state;
    for (int i = 1; i < 4; i++) {
        home_try(h, OUTCOME_NO_ANSWER, WEDNESDAY - i * DAY);
        assert_int_equal(told(h, 0), COARSE_CONTACT_STARTED);
    }
}

static void test_the_day_is_that_of_the_first_conversation(void **state)
{
    struct home *h = begin();
    struct date day;

    (void)state;
    home_try(h, OUTCOME_SPOKE, WEDNESDAY - 2 * DAY);
    home_try(h, OUTCOME_SPOKE, WEDNESDAY - DAY);
    assert_int_equal(told(h, 0), COARSE_CONTACTED);
    coarse_of(&day, &h->state, &h->facts, 0);
    assert_int_equal(date_compare(day, (struct date){2027, 6, 14}), 0);
}

static void test_each_pupil_has_a_step_of_its_own(void **state)
{
    struct home *h = begin();

    (void)state;
    h->pupil_count = 2;
    h->contacts[1][1].responsibility = STATED_NO;
    home_try(h, OUTCOME_SPOKE, WEDNESDAY - HOUR)->contact = 2;
    assert_int_equal(told(h, 0), COARSE_CONTACTED);
    assert_int_equal(told(h, 1), COARSE_CONTACT_STARTED);
}

/* That the safeguarding lead has the family, that it refused or complained:
 * the primary sees what was reached before. */
static void test_what_went_wrong_is_not_told(void **state)
{
    struct home *h = begin();

    (void)state;
    home_try(h, OUTCOME_NO_ANSWER, WEDNESDAY - DAY)->concern = true;
    assert_int_equal(told(h, 0), COARSE_CONTACT_STARTED);
    home_try(h, OUTCOME_NO_MORE, WEDNESDAY - HOUR);
    assert_int_equal(told(h, 0), COARSE_CONTACTED);
    home_add(h, EVENT_REVIEW, WEDNESDAY - MINUTE)->u.review.review =
        REVIEW_HOLD;
    assert_int_equal(told(h, 0), COARSE_CONTACTED);
}

static void ask(struct home *h, enum request_kind kind, uint64_t number)
{
    home_add(h, EVENT_REQUEST, WEDNESDAY - DAY)->u.request =
        (struct event_request){.kind = kind,
            .request = number,
            .value = "",
            .field = "",
            .text = ""};
}

static void answer(struct home *h, uint64_t number)
{
    home_add(h, EVENT_ANSWER, WEDNESDAY)->u.answer =
        (struct event_answer){.request = number, .value = "", .text = ""};
}

static void test_help_is_wanted_until_that_is_answered(void **state)
{
    struct home *h = begin();

    (void)state;
    ask(h, REQUEST_QUESTION, 1);
    assert_int_equal(told(h, 0), COARSE_NONE);
    ask(h, REQUEST_HELP_REACH, 2);
    assert_int_equal(told(h, 0), COARSE_HELP_REQUEST);
    answer(h, 1); /* the question */
    assert_int_equal(told(h, 0), COARSE_HELP_REQUEST);
    answer(h, 2);
    assert_int_equal(told(h, 0), COARSE_NONE);
}

static void test_no_number_left_is_a_call_for_help(void **state)
{
    static const char *const values[] = {
        "+447700900118", "+441632960118", "+447700900119"};
    struct home *h = begin();

    (void)state;
    for (int i = 0; i < 3; i++)
        home_try(h, OUTCOME_WRONG_NUMBER, WEDNESDAY - HOUR)->value = values[i];
    assert_int_equal(told(h, 0), COARSE_HELP_REQUEST);
}

static void test_how_it_ended(void **state)
{
    static const struct {
        enum entry_result entry;
        enum coarse coarse;
    } cases[] = {
        {ENTRY_STARTED, COARSE_STARTED},
        {ENTRY_NOT_ARRIVED, COARSE_NOT_ARRIVED},
        {ENTRY_UNKNOWN, COARSE_NOT_ARRIVED},
        {ENTRY_ELSEWHERE, COARSE_CLOSED},
        {ENTRY_HOME_EDUCATED, COARSE_CLOSED},
        {ENTRY_MOVED_AWAY, COARSE_CLOSED},
    };
    struct home *h;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct event *e;

        h = begin();
        home_try(h, OUTCOME_SPOKE, WEDNESDAY - DAY);
        e = home_add(h, EVENT_ENTRY, WEDNESDAY - HOUR);
        e->pupil = 57;
        e->u.entry.result = cases[i].entry;
        assert_int_equal(told(h, 0), cases[i].coarse);
    }
    h = begin();
    home_add(h, EVENT_CLOSED, WEDNESDAY);
    assert_int_equal(told(h, 0), COARSE_CLOSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_told_before_the_first_try),
        cmocka_unit_test(test_tries_are_told_once_and_never_counted),
        cmocka_unit_test(test_the_day_is_that_of_the_first_conversation),
        cmocka_unit_test(test_each_pupil_has_a_step_of_its_own),
        cmocka_unit_test(test_what_went_wrong_is_not_told),
        cmocka_unit_test(test_help_is_wanted_until_that_is_answered),
        cmocka_unit_test(test_no_number_left_is_a_call_for_help),
        cmocka_unit_test(test_how_it_ended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
