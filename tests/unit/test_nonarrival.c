/* The ladder for a child who has not come: each rung, what forbids one, and
 * over random histories that nobody is sent to ring whom nobody may ring. */
#include "case_fixture.h"

#include <stdlib.h>

#include "outreach/nonarrival.h"

/* The child was expected on Tuesday; it is Wednesday, 10:00. */
#define TUESDAY (WEDNESDAY - DAY)

static struct event *mark(struct home *h, enum entry_result result, int64_t ms)
{
    struct event *e = home_add(h, EVENT_ENTRY, ms);

    e->pupil = 57;
    e->u.entry.result = result;
    e->u.entry.note = "";
    return e;
}

static enum nonarrival_step next_on(struct home *h, int days)
{
    struct nonarrival_child child = {
        .first = date_today((wall){TUESDAY}), .days = days};

    home_fold(h);
    child.mark = nonarrival_mark(h->events, h->event_count, 57);
    assert_non_null(child.mark);
    return nonarrival_next(&h->state, &h->facts, &child);
}

static void assert_next(struct home *h, enum nonarrival_step want)
{
    const enum nonarrival_step have = next_on(h, 2);

    if (have != want)
        fail_msg("%s, not %s", nonarrival_name(have), nonarrival_name(want));
}

static void begin(struct home *h)
{
    home_init(h);
    mark(h, ENTRY_NOT_ARRIVED, TUESDAY);
}

static void ask(struct home *h, enum request_kind kind, int64_t ms)
{
    struct event *e = home_add(h, EVENT_REQUEST, ms);

    e->u.request = (struct event_request){
        .kind = kind, .value = "", .field = "", .text = ""};
}

static void test_rung_by_rung(void **state)
{
    struct home h;

    (void)state;
    begin(&h);
    assert_next(&h, NONARRIVAL_RING);
    home_try(&h, OUTCOME_SKIPPED, WEDNESDAY - 3 * HOUR); /* not a try */
    assert_next(&h, NONARRIVAL_RING);
    home_try(&h, OUTCOME_NO_ANSWER, WEDNESDAY - 2 * HOUR);
    assert_next(&h, NONARRIVAL_ASK);
    ask(&h, REQUEST_WRONG_NUMBER, WEDNESDAY - HOUR); /* asks something else */
    assert_next(&h, NONARRIVAL_ASK);
    ask(&h, REQUEST_HELP_REACH, WEDNESDAY - HOUR);
    assert_next(&h, NONARRIVAL_VISIT);
    home_add(&h, EVENT_PLAN, WEDNESDAY - HOUR)->u.plan.channel = CHANNEL_LETTER;
    assert_next(&h, NONARRIVAL_VISIT);
    home_add(&h, EVENT_PLAN, WEDNESDAY - MINUTE)->u.plan.channel =
        CHANNEL_HOME_VISIT;
    assert_next(&h, NONARRIVAL_AUTHORITY);
}

static void test_what_was_done_before_the_first_day_does_not_count(void **state)
{
    struct home h;

    (void)state;
    begin(&h);
    home_try(&h, OUTCOME_NO_ANSWER, TUESDAY - 2 * DAY);
    home_try(&h, OUTCOME_SPOKE, TUESDAY - DAY);
    ask(&h, REQUEST_HELP_REACH, TUESDAY - DAY);
    assert_next(&h, NONARRIVAL_RING);
}

static void test_spoken_to_until_it_is_said_again(void **state)
{
    struct home h;

    (void)state;
    begin(&h);
    home_try(&h, OUTCOME_SPOKE, WEDNESDAY - 2 * HOUR);
    assert_next(&h, NONARRIVAL_AGREE);
    mark(&h, ENTRY_NOT_ARRIVED, WEDNESDAY - HOUR); /* and did not come */
    assert_next(&h, NONARRIVAL_ASK);
}

static void test_who_wants_no_calls_is_written_to(void **state)
{
    struct home h;

    (void)state;
    begin(&h);
    home_try(&h, OUTCOME_NO_MORE, TUESDAY - DAY);
    assert_next(&h, NONARRIVAL_WRITE);
    home_try(&h, OUTCOME_SENT, WEDNESDAY - HOUR)->channel = CHANNEL_LETTER;
    assert_next(&h, NONARRIVAL_ASK);
    begin(&h);
    home_add(&h, EVENT_REVIEW, TUESDAY)->u.review.review = REVIEW_DECLINED;
    assert_next(&h, NONARRIVAL_WRITE);
}

static void test_somebody_decides_first(void **state)
{
    struct home h;

    (void)state;
    begin(&h);
    home_restrict(&h, 0); /* of the whole pupil: nobody is left */
    assert_next(&h, NONARRIVAL_DECIDE);
    begin(&h);
    h.facts.in_quarantine = true;
    assert_next(&h, NONARRIVAL_DECIDE);
    begin(&h);
    home_try(&h, OUTCOME_NO_ANSWER, TUESDAY - DAY)->concern = true;
    assert_next(&h, NONARRIVAL_DECIDE);
    home_add(&h, EVENT_REVIEW, TUESDAY)->u.review.review = REVIEW_RESUME;
    assert_next(&h, NONARRIVAL_RING);
    home_add(&h, EVENT_REVIEW, WEDNESDAY)->u.review.review = REVIEW_ACTION;
    assert_next(&h, NONARRIVAL_DECIDE);
}

static void test_nobody_to_ring_or_to_ask(void **state)
{
    struct home h;

    (void)state;
    begin(&h);
    for (size_t i = 0; i < 2; i++)
        h.contacts[0][i].point_count = 0;
    assert_next(&h, NONARRIVAL_ASK);
    h.pupils[0].expected = true; /* no primary has sent anything */
    assert_next(&h, NONARRIVAL_VISIT);
}

static void test_the_authority_is_told_in_time(void **state)
{
    struct home h;

    (void)state;
    begin(&h);
    assert_int_equal(next_on(&h, NONARRIVAL_MOST_DAYS - 1), NONARRIVAL_RING);
    assert_int_equal(next_on(&h, NONARRIVAL_MOST_DAYS), NONARRIVAL_AUTHORITY);
    mark(&h, ENTRY_UNKNOWN, WEDNESDAY - HOUR);
    assert_next(&h, NONARRIVAL_AUTHORITY);
}

static void test_the_newest_word_on_a_child_is_its_mark(void **state)
{
    struct home h;

    (void)state;
    begin(&h);
    assert_null(nonarrival_mark(h.events, h.event_count, 58));
    assert_null(nonarrival_mark(h.events, 0, 57));
    mark(&h, ENTRY_STARTED, WEDNESDAY)->pupil = 58;
    assert_int_equal(
        nonarrival_mark(h.events, h.event_count, 57)->u.entry.result,
        ENTRY_NOT_ARRIVED);
    mark(&h, ENTRY_STARTED, WEDNESDAY);
    assert_int_equal(
        nonarrival_mark(h.events, h.event_count, 57)->u.entry.result,
        ENTRY_STARTED);
}

/* --- over random histories --- */

static unsigned roll(unsigned *seed, unsigned sides)
{
    *seed = *seed * 1103515245U + 12345U;
    return (*seed >> 16) % sides;
}

static void happen(struct home *h, unsigned *seed)
{
    static const enum outcome outcomes[] = {OUTCOME_NO_ANSWER, OUTCOME_SPOKE,
        OUTCOME_NO_MORE, OUTCOME_SENT, OUTCOME_STOPPED_RESTRICTED};
    const int64_t ms =
        WEDNESDAY - (int64_t)roll(seed, 72) * HOUR - roll(seed, 60) * MINUTE;

    switch (roll(seed, 4)) {
    case 0:
        home_add(h, EVENT_REVIEW, ms)->u.review.review =
            (enum review)(1 + roll(seed, REVIEW_DECLINED));
        break;
    case 1:
        ask(h, REQUEST_QUESTION, ms);
        break;
    default:
        home_try(h, outcomes[roll(seed, 5)], ms)->concern = roll(seed, 9) == 0;
        break;
    }
}

static void test_nobody_is_sent_to_ring_whom_nobody_may_ring(void **state)
{
    unsigned steps[NONARRIVAL_LAST + 1] = {0};

    (void)state;
    for (unsigned i = 1; i <= 2000; i++) {
        unsigned seed = i;
        struct home h;
        struct home before;
        enum nonarrival_step step;

        home_init(&h);
        for (unsigned n = roll(&seed, 6); n > 0; n--)
            happen(&h, &seed);
        home_init(&before); /* the same, had nothing been said of the child */
        memcpy(before.events, h.events, sizeof h.events);
        before.event_count = h.event_count;
        mark(&h, ENTRY_NOT_ARRIVED, TUESDAY);
        step = next_on(&h, 1 + (int)roll(&seed, 4));
        steps[step]++;
        home_fold(&before);
        assert_int_equal(h.state.work, before.state.code);
        if (step == NONARRIVAL_RING &&
            (before.state.code == STATE_HELD ||
                before.state.code == STATE_ACTION_NEEDED ||
                before.state.code == STATE_DECLINED))
            fail_msg("ring, though %s", state_name(before.state.code));
    }
    for (size_t i = 1; i <= NONARRIVAL_LAST; i++)
        if (i != NONARRIVAL_AUTHORITY && steps[i] == 0)
            fail_msg("%s never came", nonarrival_name(i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rung_by_rung),
        cmocka_unit_test(
            test_what_was_done_before_the_first_day_does_not_count),
        cmocka_unit_test(test_spoken_to_until_it_is_said_again),
        cmocka_unit_test(test_who_wants_no_calls_is_written_to),
        cmocka_unit_test(test_somebody_decides_first),
        cmocka_unit_test(test_nobody_to_ring_or_to_ask),
        cmocka_unit_test(test_the_authority_is_told_in_time),
        cmocka_unit_test(test_the_newest_word_on_a_child_is_its_mark),
        cmocka_unit_test(test_nobody_is_sent_to_ring_whom_nobody_may_ring),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
