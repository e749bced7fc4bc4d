/* The table of outcomes, a line a test, as the specification has it. */
#include "case_fixture.h"

#include "base/err.h"

#define Y true
#define N false

static const struct {
    const char *name;
    bool contact;
    enum outcome_reached reached;
    bool same, next, is_try;
    enum outcome_delay delay;
    unsigned amount;
    unsigned change; /* of these at least */
    enum outcome_point point;
} want[] = {
    {"spoke", Y, REACHED_YES, N, N, Y, DELAY_NONE, 0, CHANGE_CHECKLIST,
        POINT_AS_IS},
    {"spoke-short", Y, REACHED_YES, Y, N, Y, DELAY_AGREED, 0, CHANGE_CHECKLIST,
        POINT_AS_IS},
    {"call-back", N, REACHED_YES, Y, N, Y, DELAY_AGREED, 0, 0, POINT_AS_IS},
    {"other-person", N, REACHED_NO, Y, N, Y, DELAY_MINUTES, 240, CHANGE_BAND,
        POINT_AS_IS},
    {"language", N, REACHED_YES, Y, N, Y, DELAY_WORKDAY, 1, CHANGE_LANGUAGE,
        POINT_AS_IS},
    {"not-now", Y, REACHED_YES, Y, N, Y, DELAY_DAYS, 7, CHANGE_CALLER,
        POINT_AS_IS},
    {"no-more", Y, REACHED_YES, N, N, Y, DELAY_NONE, 0, CHANGE_LETTER,
        POINT_AS_IS},
    {"hung-up", N, REACHED_UNKNOWN, Y, N, Y, DELAY_DAYS, 2, CHANGE_TEXT_FIRST,
        POINT_AS_IS},
    {"no-answer", N, REACHED_NO, Y, Y, Y, DELAY_OTHER_BAND, 0,
        CHANGE_BAND | CHANGE_POINT, POINT_AS_IS},
    {"busy", N, REACHED_NO, Y, N, Y, DELAY_MINUTES, 30, 0, POINT_AS_IS},
    {"vm-left", N, REACHED_NO, Y, Y, Y, DELAY_DAYS, 1, CHANGE_BAND,
        POINT_AS_IS},
    {"vm-none", N, REACHED_NO, Y, Y, Y, DELAY_OTHER_BAND, 0, CHANGE_BAND,
        POINT_AS_IS},
    {"wrong-number", N, REACHED_NO, N, Y, Y, DELAY_NONE, 0,
        CHANGE_POINT | CHANGE_ASK_PRIMARY, POINT_IS_WRONG},
    {"not-in-service", N, REACHED_NO, N, Y, Y, DELAY_NONE, 0,
        CHANGE_POINT | CHANGE_ASK_PRIMARY, POINT_IS_DEAD},
    {"cannot-connect", N, REACHED_NO, Y, N, N, DELAY_MINUTES, 60, 0,
        POINT_AS_IS},
    {"sent", N, REACHED_NO, Y, N, Y, DELAY_DAYS, 3, CHANGE_VOICE, POINT_AS_IS},
    {"bounced", N, REACHED_NO, N, Y, Y, DELAY_NONE, 0,
        CHANGE_POINT | CHANGE_ASK_PRIMARY, POINT_BOUNCES},
    {"replied", Y, REACHED_YES, N, N, Y, DELAY_NONE, 0, CHANGE_CHECKLIST,
        POINT_AS_IS},
    {"met", Y, REACHED_YES, N, N, Y, DELAY_NONE, 0, CHANGE_CHECKLIST,
        POINT_AS_IS},
    {"not-in", N, REACHED_NO, Y, N, Y, DELAY_DAYS, 3, CHANGE_TIME, POINT_AS_IS},
    {"inbound-missed", N, REACHED_NO, Y, N, N, DELAY_NONE, 0, 0, POINT_AS_IS},
    {"skipped", N, REACHED_NO, Y, N, N, DELAY_NONE, 0, 0, POINT_AS_IS},
    {"stopped-restricted", N, REACHED_NO, N, N, N, DELAY_NONE, 0, 0,
        POINT_AS_IS},
    {"concern", N, REACHED_UNKNOWN, Y, N, N, DELAY_NONE, 0, 0, POINT_AS_IS},
};

static void test_each_outcome_means_what_the_specification_says(void **state)
{
    const size_t count = sizeof want / sizeof want[0];

    (void)state;
    assert_int_equal(OUTCOME_LAST, count);
    for (size_t i = 0; i < count; i++) {
        const struct outcome_row *row = outcome_row((enum outcome)(i + 1));

        if (row->contact != want[i].contact ||
            row->reached != want[i].reached || row->same != want[i].same ||
            row->next != want[i].next || row->is_try != want[i].is_try ||
            row->delay != want[i].delay || row->amount != want[i].amount ||
            (row->change & want[i].change) != want[i].change ||
            row->point != want[i].point)
            fail_msg("%s means something else", want[i].name);
        assert_string_equal(row->name, want[i].name);
        assert_int_equal(row->outcome, i + 1);
    }
}

static void test_only_an_exchange_counts_as_contact(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        struct home h;

        home_init(&h);
        home_try(&h, (enum outcome)(i + 1), WEDNESDAY - HOUR)->call_back.ms =
            strcmp(want[i].name, "call-back") == 0 ? WEDNESDAY + DAY : 0;
        home_fold(&h);
        if ((h.state.contacted_at.ms != 0) != want[i].contact)
            fail_msg("%s: contacted or not", want[i].name);
        assert_int_equal(
            h.state.pupils[0].contacted_at.ms != 0, want[i].contact);
        assert_int_equal(h.state.tries, want[i].is_try);
    }
}

static void test_reads_the_words_and_refuses_others_with_the_list(void **state)
{
    enum outcome outcome;
    struct err err;

    (void)state;
    assert_int_equal(outcome_parse(&outcome, "no-answer", NULL), 0);
    assert_int_equal(outcome, OUTCOME_NO_ANSWER);
    assert_int_equal(outcome_parse(&outcome, "VM_LEFT", NULL), 0);
    assert_int_equal(outcome, OUTCOME_VM_LEFT);
    assert_int_equal(outcome_parse(&outcome, "spok", &err), ERR_USAGE);
    assert_non_null(strstr(err.text, "spoke-short"));
    assert_int_equal(outcome_parse(&outcome, "", NULL), ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_outcome_means_what_the_specification_says),
        cmocka_unit_test(test_only_an_exchange_counts_as_contact),
        cmocka_unit_test(test_reads_the_words_and_refuses_others_with_the_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
