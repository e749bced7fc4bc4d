/* The state of a case over random histories: exactly one, whatever was stored
 * first. */
#include "case_fixture.h"

#include <stdlib.h>

static unsigned dice;

static void add_random(struct home *h)
{
    struct event *e;
    const enum event_kind kind =
        (enum event_kind)(1 + rand_r(&dice) % EVENT_LAST);
    /* a coarse clock, so that moments coincide */
    const int64_t at = WEDNESDAY - rand_r(&dice) % 30 * 8 * HOUR;

    if (kind == EVENT_ATTEMPT || rand_r(&dice) % 3 == 0) {
        struct event_attempt *a =
            home_try(h, (enum outcome)(1 + rand_r(&dice) % OUTCOME_LAST), at);

        a->contact = 1 + (uint32_t)rand_r(&dice) % 3;
        a->concern = rand_r(&dice) % 20 == 0;
        a->value = rand_r(&dice) % 2 == 0 ? "+447700900118" : "+447700900119";
        a->channel = (enum event_channel)(1 + rand_r(&dice) % CHANNEL_LAST);
        a->call_back.ms = rand_r(&dice) % 6 == 0 ? at + 9 * HOUR : 0;
        return;
    }
    e = home_add(h, kind, at);
    e->pupil = rand_r(&dice) % 2 == 0 ? 57 : 0;
    if (kind == EVENT_POINT)
        e->u.point = (struct event_point){57, 1, POINT_MOBILE, "+447700900142",
            (enum event_point_status)(1 + rand_r(&dice) % 7), SOURCE_PRIMARY, 0,
            ""};
    else if (kind == EVENT_PREFERENCE)
        e->u.preference = (struct event_preference){
            .record = 57, .contact = 1, .caller = "", .language = ""};
    else if (kind == EVENT_LEASE)
        e->u.lease.until.ms = at + 30 * MINUTE;
    else if (kind == EVENT_REVIEW)
        e->u.review.review = (enum review)(1 + rand_r(&dice) % 4);
    else if (kind == EVENT_ENTRY)
        e->u.entry.result = (enum entry_result)(1 + rand_r(&dice) % 6);
    else if (kind == EVENT_SUPPORT)
        e->u.support.result = (enum support_result)(1 + rand_r(&dice) % 5);
    else if (kind == EVENT_BARRIER)
        e->u.barrier = (struct event_barrier){
            .barrier = BARRIER_TIME, .status = BARRIER_OPEN, .note = ""};
}

static void make_random(struct home *h)
{
    home_init(h);
    h->pupil_count = 1 + (size_t)rand_r(&dice) % 2;
    if (rand_r(&dice) % 4 == 0)
        home_restrict(h, 2);
    for (int n = rand_r(&dice) % 40; n > 0; n--)
        add_random(h);
}

static void test_every_history_gives_exactly_one_state(void **state)
{
    (void)state;
    dice = 118;
    for (int round = 0; round < 3000; round++) {
        struct home h;
        enum state_code code;

        make_random(&h);
        code = home_fold(&h);
        assert_in_range(code, STATE_CLOSED, STATE_LAST);
        assert_int_equal(state_parse(state_name(code)), code);
        if (h.state.callable)
            assert_true(code == STATE_CONTACTED || code == STATE_RETRY_DUE ||
                        code == STATE_READY);
        assert_true(h.state.tries <= h.state.all_tries);
        assert_true(h.state.voice <= h.state.tries);
    }
}

/* A swap of two that happened at one moment, as if stored in another order. */
static void shuffle(struct home *h)
{
    for (size_t i = 1; i < h->event_count; i++) {
        const size_t j = (size_t)rand_r(&dice) % (i + 1);
        const struct event swap = h->events[i];

        h->events[i] = h->events[j];
        h->events[j] = swap;
    }
}

static void test_the_order_of_storing_makes_no_difference(void **state)
{
    (void)state;
    dice = 7;
    for (int round = 0; round < 2000; round++) {
        struct home h;
        struct state before;

        make_random(&h);
        home_fold(&h);
        before = h.state;
        shuffle(&h);
        home_fold(&h);
        assert_int_equal(h.state.code, before.code);
        assert_int_equal(h.state.tries, before.tries);
        assert_int_equal(h.state.contacted_at.ms, before.contacted_at.ms);
        assert_int_equal(h.state.next_at.ms, before.next_at.ms);
    }
}

static void test_figures_do_not_follow_the_state(void **state)
{
    (void)state;
    dice = 9;
    for (int round = 0; round < 1000; round++) {
        struct home h;
        int64_t contacted;

        make_random(&h);
        home_fold(&h);
        contacted = h.state.contacted_at.ms;
        home_add(&h, EVENT_REVIEW, WEDNESDAY)->u.review.review = REVIEW_HOLD;
        home_fold(&h);
        assert_int_equal(h.state.contacted_at.ms, contacted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_history_gives_exactly_one_state),
        cmocka_unit_test(test_the_order_of_storing_makes_no_difference),
        cmocka_unit_test(test_figures_do_not_follow_the_state),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
