/* The state of a case: a test for each line of the table, in its order.
 */
#include "case_fixture.h"

static void assert_state(struct home *h, enum state_code want)
{
    const enum state_code have = home_fold(h);

    if (have != want)
        fail_msg("%s, not %s", state_name(have), state_name(want));
}

/* Everything that makes a case complete. */
static void finish(struct home *h)
{
    struct event *e;

    home_try(h, OUTCOME_SPOKE, WEDNESDAY - 5 * HOUR);
    home_add(h, EVENT_INVITE, WEDNESDAY - 4 * HOUR);
    e = home_add(h, EVENT_SUPPORT, WEDNESDAY - 4 * HOUR);
    e->pupil = 57;
    e->u.support.result = SUPPORT_NONE_NEEDED;
    e = home_add(h, EVENT_TUTOR, WEDNESDAY - 4 * HOUR);
    e->pupil = 57;
    e->u.tutor.told_parent = true;
}

static void review(struct home *h, enum review review, int64_t ms)
{
    home_add(h, EVENT_REVIEW, ms)->u.review.review = review;
}

static void exhaust(struct home *h)
{
    static const int hours[] = {-170, -160, -120, -70, -44};

    for (size_t i = 0; i < 5; i++)
        home_try(h, OUTCOME_NO_ANSWER, WEDNESDAY + hours[i] * HOUR);
}

static void test_15_ready_without_a_try(void **state)
{
    struct home h;

    (void)state;
    home_init(&h);
    assert_state(&h, STATE_READY);
    assert_true(h.state.callable);
    home_try(&h, OUTCOME_SKIPPED, WEDNESDAY - HOUR);
    assert_state(&h, STATE_READY);
}

static void test_14_retry_due_when_the_wait_is_over(void **state)
{
    struct home h;

    (void)state;
    home_init(&h);
    home_try(&h, OUTCOME_NO_ANSWER, WEDNESDAY - DAY);
    assert_state(&h, STATE_RETRY_DUE);
    assert_true(h.state.callable);
}

static void test_13_cooling_until_another_part_of_the_day(void **state)
{
    struct home h;

    (void)state;
    home_init(&h);
    home_try(&h, OUTCOME_NO_ANSWER, WEDNESDAY - HOUR);
    assert_state(&h, STATE_COOLING);
    assert_false(h.state.callable);
    assert_int_equal(h.state.next_at.ms, WEDNESDAY + 3 * HOUR); /* 13:00 */
    h.now.ms = WEDNESDAY + 4 * HOUR;
    assert_state(&h, STATE_RETRY_DUE);
}

static void test_12_escalated_after_five_tries_bands_and_days(void **state)
{
    struct home h;

    (void)state;
    home_init(&h);
    exhaust(&h);
    assert_state(&h, STATE_ESCALATED);
    assert_false(h.state.callable);
    h.event_count--; /* four are not enough */
    assert_true(home_fold(&h) > STATE_ESCALATED);
    home_try(&h, OUTCOME_NO_ANSWER, WEDNESDAY - 44 * HOUR);
    h.policy.min_bands = 5; /* nor too few parts of the day */
    assert_true(home_fold(&h) > STATE_ESCALATED);
    h.policy.min_bands = 3;
    h.policy.min_days = 8; /* nor too few days */
    assert_true(home_fold(&h) > STATE_ESCALATED);
    h.policy.min_days = 5;
    home_add(&h, EVENT_LADDER, WEDNESDAY - HOUR)->u.ladder.more = 2;
    assert_true(home_fold(&h) > STATE_ESCALATED);
}

static void test_a_new_number_begins_afresh(void **state)
{
    struct home h;
    struct event *e;

    (void)state;
    home_init(&h);
    exhaust(&h);
    e = home_add(&h, EVENT_POINT, WEDNESDAY - HOUR);
    e->u.point = (struct event_point){57, 1, POINT_MOBILE, "+447700900142",
        POINT_UNVERIFIED, SOURCE_PRIMARY, 41, "corrected"};
    assert_state(&h, STATE_READY);
    assert_int_equal(h.state.tries, 0);
    assert_int_equal(h.state.all_tries, 5);
}

/* A later revision brought it, one after that took it out again. */
static void test_a_number_of_an_earlier_record_is_gone(void **state)
{
    struct home h;
    struct event *e;

    (void)state;
    home_init(&h);
    e = home_add(&h, EVENT_POINT, WEDNESDAY - HOUR);
    e->u.point = (struct event_point){57, 1, POINT_MOBILE, "+447700900142",
        POINT_UNVERIFIED, SOURCE_RECORD, 0, "new"};
    assert_state(&h, STATE_READY);
    for (size_t i = 0; i < h.reach.count; i++)
        for (size_t j = 0; j < h.reach.people[i].point_count; j++)
            assert_string_not_equal(
                h.reach.people[i].points[j].value, "+447700900142");
}

static void test_11_call_back_waits_for_its_time(void **state)
{
    struct home h;

    (void)state;
    home_init(&h);
    home_try(&h, OUTCOME_CALL_BACK, WEDNESDAY - HOUR)->call_back.ms =
        WEDNESDAY + 2 * HOUR;
    assert_state(&h, STATE_CALL_BACK);
    assert_false(h.state.callable);
    h.now.ms = WEDNESDAY + 2 * HOUR - 10 * MINUTE;
    assert_state(&h, STATE_RETRY_DUE);
    assert_true(h.state.callable);
    exhaust(&h); /* earlier: what was agreed comes before the ladder */
    h.now.ms = WEDNESDAY;
    assert_state(&h, STATE_CALL_BACK);
}

static void test_10_allocated_while_the_lease_lives(void **state)
{
    struct home h;

    (void)state;
    home_init(&h);
    home_add(&h, EVENT_LEASE, WEDNESDAY - MINUTE)->u.lease.until.ms =
        WEDNESDAY + 29 * MINUTE;
    assert_state(&h, STATE_ALLOCATED);
    assert_string_equal(h.state.holder, "jl");
    h.now.ms = WEDNESDAY + 30 * MINUTE;
    assert_state(&h, STATE_READY);
    h.now.ms = WEDNESDAY;
    home_add(&h, EVENT_LEASE, WEDNESDAY)->u.lease.until.ms = 0;
    assert_state(&h, STATE_READY);
}

static void test_9_no_contact_point_when_none_may_be_used(void **state)
{
    struct home h;

    (void)state;
    home_init(&h);
    home_try(&h, OUTCOME_WRONG_NUMBER, WEDNESDAY - 3 * HOUR);
    assert_state(&h, STATE_RETRY_DUE); /* others are left */
    home_try(&h, OUTCOME_NOT_IN_SERVICE, WEDNESDAY - 2 * HOUR)->value =
        "+441632960118";
    home_try(&h, OUTCOME_WRONG_NUMBER, WEDNESDAY - HOUR)->value =
        "+447700900119";
    assert_state(&h, STATE_NO_CONTACT_POINT);
    assert_false(h.state.callable);
}

static void test_8_awaiting_record_without_pupil_or_number(void **state)
{
    struct home h;

    (void)state;
    home_init(&h);
    h.pupil_count = 0;
    assert_state(&h, STATE_AWAITING_RECORD);
}

static void test_7_contacted_with_an_open_checklist(void **state)
{
    struct home h;

    (void)state;
    home_init(&h);
    home_try(&h, OUTCOME_SPOKE, WEDNESDAY - HOUR);
    assert_state(&h, STATE_CONTACTED);
    assert_true(h.state.callable);
    exhaust(&h);
    assert_state(&h, STATE_CONTACTED);
    home_try(&h, OUTCOME_NOT_NOW, WEDNESDAY - MINUTE);
    assert_state(&h, STATE_CONTACTED);
    assert_false(h.state.callable); /* not for a week */
}

static void test_6_complete_when_everything_is_done(void **state)
{
    struct home h;

    (void)state;
    home_init(&h);
    finish(&h);
    assert_state(&h, STATE_COMPLETE);
    h.pupil_count = 2; /* a twin without tutor and support check */
    assert_state(&h, STATE_CONTACTED);
}

static void name_tutor(struct home *h, const char *name, bool told, int64_t ms)
{
    struct event *e = home_add(h, EVENT_TUTOR, ms);

    e->pupil = 57;
    e->u.tutor.name = name;
    e->u.tutor.staff = "";
    e->u.tutor.told_parent = told;
}

static void test_another_tutor_must_be_told_anew(void **state)
{
    struct home home;
    struct home *h = &home;

    (void)state;
    home_init(h);
    name_tutor(h, "Ms Lund", false, WEDNESDAY - 9 * HOUR);
    home_fold(h);
    assert_string_equal(h->state.pupils[0].tutor->u.tutor.name, "Ms Lund");
    assert_int_equal(h->state.pupils[0].told_tutor_at.ms, 0);
    name_tutor(h, "Ms Lund", true, WEDNESDAY - 8 * HOUR);
    name_tutor(h, "Ms Lund", false, WEDNESDAY - 7 * HOUR);
    home_fold(h);
    assert_int_equal(h->state.pupils[0].told_tutor_at.ms, WEDNESDAY - 8 * HOUR);
    assert_int_equal(h->state.pupils[0].tutor->id, 1); /* nothing new to tell */
    name_tutor(h, "Mr Okoro", false, WEDNESDAY - 6 * HOUR);
    home_fold(h);
    assert_string_equal(h->state.pupils[0].tutor->u.tutor.name, "Mr Okoro");
    assert_int_equal(h->state.pupils[0].told_tutor_at.ms, 0);
}

static void test_5_declined_after_review_or_in_writing(void **state)
{
    struct home h;

    (void)state;
    home_init(&h);
    finish(&h);
    home_try(&h, OUTCOME_NO_MORE, WEDNESDAY - 2 * HOUR);
    home_try(&h, OUTCOME_SENT, WEDNESDAY - HOUR)->channel = CHANNEL_LETTER;
    assert_state(&h, STATE_DECLINED);
    assert_true(h.state.contacted_at.ms != 0);
    h.event_count--;
    review(&h, REVIEW_DECLINED, WEDNESDAY - HOUR);
    assert_state(&h, STATE_DECLINED);
}

static void test_4_action_needed_for_concern_complaint_refusal(void **state)
{
    struct home h;

    (void)state;
    home_init(&h);
    home_try(&h, OUTCOME_SPOKE, WEDNESDAY - 3 * HOUR)->concern = true;
    assert_state(&h, STATE_ACTION_NEEDED);
    review(&h, REVIEW_RESUME, WEDNESDAY - 2 * HOUR);
    assert_state(&h, STATE_CONTACTED);
    home_add(&h, EVENT_ITEM, WEDNESDAY - HOUR)->u.item =
        (struct event_item){.item = 7, .kind = ITEM_OF_COMPLAINT};
    assert_state(&h, STATE_ACTION_NEEDED);
    home_add(&h, EVENT_ITEM_DONE, WEDNESDAY - HOUR)->u.item_done.item = 7;
    assert_state(&h, STATE_CONTACTED);
    home_try(&h, OUTCOME_NO_MORE, WEDNESDAY - MINUTE);
    assert_state(&h, STATE_ACTION_NEEDED);
    home_init(&h);
    home_try(&h, OUTCOME_CONCERN, WEDNESDAY - HOUR);
    assert_state(&h, STATE_ACTION_NEEDED);
}

static void test_3_held_for_the_safeguarding_lead(void **state)
{
    struct home h;

    (void)state;
    home_init(&h);
    home_try(&h, OUTCOME_SPOKE, WEDNESDAY - 3 * HOUR)->concern = true;
    home_try(&h, OUTCOME_STOPPED_RESTRICTED, WEDNESDAY - 2 * HOUR);
    assert_state(&h, STATE_HELD);
    review(&h, REVIEW_RESUME, WEDNESDAY - HOUR);
    assert_state(&h, STATE_CONTACTED);
    review(&h, REVIEW_HOLD, WEDNESDAY - MINUTE);
    assert_state(&h, STATE_HELD);
    home_init(&h);
    home_restrict(&h, 0); /* of the whole pupil: nobody is left */
    assert_state(&h, STATE_HELD);
    home_init(&h);
    h.facts.in_quarantine = true;
    assert_state(&h, STATE_HELD);
}

static void test_2_started_or_not_arrived(void **state)
{
    struct home h;
    struct event *e;

    (void)state;
    home_init(&h);
    review(&h, REVIEW_HOLD, WEDNESDAY - HOUR);
    e = home_add(&h, EVENT_ENTRY, WEDNESDAY - MINUTE);
    e->pupil = 57;
    e->u.entry.result = ENTRY_STARTED;
    assert_state(&h, STATE_STARTED);
    e = home_add(&h, EVENT_ENTRY, WEDNESDAY);
    e->pupil = 57;
    e->u.entry.result = ENTRY_NOT_ARRIVED;
    assert_state(&h, STATE_NOT_ARRIVED);
    assert_int_equal(h.state.work, STATE_HELD); /* nobody rings all the same */
    assert_false(h.state.callable);
}

static void test_1_closed_or_transferred(void **state)
{
    struct home h;
    struct event *e;

    (void)state;
    home_init(&h);
    e = home_add(&h, EVENT_ENTRY, WEDNESDAY - MINUTE);
    e->pupil = 57;
    e->u.entry.result = ENTRY_STARTED;
    home_add(&h, EVENT_CLOSED, WEDNESDAY);
    assert_state(&h, STATE_CLOSED);
    h.events[1].u.closed.transferred = true;
    assert_state(&h, STATE_TRANSFERRED);
    h.pupil_count = 2; /* one of two: the other still starts here */
    h.events[1].pupil = 57;
    assert_state(&h, STATE_READY);
}

static void test_a_missed_call_is_due_at_once(void **state)
{
    struct home h;

    (void)state;
    home_init(&h);
    exhaust(&h);
    home_try(&h, OUTCOME_INBOUND_MISSED, WEDNESDAY - MINUTE);
    assert_state(&h, STATE_RETRY_DUE);
    assert_true(h.state.callable);
    home_try(&h, OUTCOME_NO_ANSWER, WEDNESDAY);
    assert_int_equal(home_fold(&h) > STATE_CONTACTED, 1);
    assert_int_equal(h.state.missed_at.ms, 0);
}

static void test_engaged_twice_then_another_part_of_the_day(void **state)
{
    struct home h;

    (void)state;
    home_init(&h);
    home_try(&h, OUTCOME_BUSY, WEDNESDAY - 10 * MINUTE);
    home_fold(&h);
    assert_int_equal(h.state.next_at.ms, WEDNESDAY + 20 * MINUTE);
    home_try(&h, OUTCOME_BUSY, WEDNESDAY - 5 * MINUTE);
    home_fold(&h);
    assert_int_equal(h.state.next_at.ms, WEDNESDAY + 25 * MINUTE);
    home_try(&h, OUTCOME_BUSY, WEDNESDAY);
    home_fold(&h);
    assert_int_equal(h.state.next_at.ms, WEDNESDAY + 4 * HOUR);
}

static void test_a_social_worker_alone_does_not_count(void **state)
{
    struct home h;

    (void)state;
    home_init(&h);
    h.contacts[0][0].relationship = "SWR";
    home_try(&h, OUTCOME_SPOKE, WEDNESDAY - HOUR);
    assert_state(&h, STATE_RETRY_DUE);
    home_try(&h, OUTCOME_SPOKE, WEDNESDAY)->contact = 2;
    assert_state(&h, STATE_CONTACTED);
}

static void test_twins_count_each_by_who_has_care_of_them(void **state)
{
    struct home h;

    (void)state;
    home_init(&h);
    h.pupil_count = 2;
    h.contacts[1][1].responsibility = STATED_NO; /* no care of the second */
    home_try(&h, OUTCOME_SPOKE, WEDNESDAY - HOUR)->contact = 2;
    home_fold(&h);
    assert_int_equal(h.reach.count, 2);
    assert_true(h.state.pupils[0].contacted_at.ms != 0);
    assert_int_equal(h.state.pupils[1].contacted_at.ms, 0);
    home_try(&h, OUTCOME_MET, WEDNESDAY);
    home_fold(&h);
    assert_true(h.state.pupils[1].contacted_at.ms != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_1_closed_or_transferred),
        cmocka_unit_test(test_2_started_or_not_arrived),
        cmocka_unit_test(test_3_held_for_the_safeguarding_lead),
        cmocka_unit_test(test_4_action_needed_for_concern_complaint_refusal),
        cmocka_unit_test(test_5_declined_after_review_or_in_writing),
        cmocka_unit_test(test_another_tutor_must_be_told_anew),
        cmocka_unit_test(test_6_complete_when_everything_is_done),
        cmocka_unit_test(test_7_contacted_with_an_open_checklist),
        cmocka_unit_test(test_8_awaiting_record_without_pupil_or_number),
        cmocka_unit_test(test_9_no_contact_point_when_none_may_be_used),
        cmocka_unit_test(test_a_number_of_an_earlier_record_is_gone),
        cmocka_unit_test(test_10_allocated_while_the_lease_lives),
        cmocka_unit_test(test_11_call_back_waits_for_its_time),
        cmocka_unit_test(test_12_escalated_after_five_tries_bands_and_days),
        cmocka_unit_test(test_13_cooling_until_another_part_of_the_day),
        cmocka_unit_test(test_14_retry_due_when_the_wait_is_over),
        cmocka_unit_test(test_15_ready_without_a_try),
        cmocka_unit_test(test_a_new_number_begins_afresh),
        cmocka_unit_test(test_a_missed_call_is_due_at_once),
        cmocka_unit_test(test_engaged_twice_then_another_part_of_the_day),
        cmocka_unit_test(test_a_social_worker_alone_does_not_count),
        cmocka_unit_test(test_twins_count_each_by_who_has_care_of_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
