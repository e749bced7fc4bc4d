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
    else if (kind == EVENT_TUTOR)
        e->u.tutor = (struct event_tutor){
            .name = rand_r(&dice) % 2 == 0 ? "Ms Lund" : "Mr Dale",
            .staff = "",
            .told_parent = rand_r(&dice) % 2 == 0};
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

/* How many pupils are so. */
struct tally {
    size_t all, closed, transferred, started, elsewhere, done;
};

static struct tally tally_of(const struct home *h)
{
    struct tally t = {.all = h->state.pupil_count};

    for (size_t i = 0; i < t.all; i++) {
        const struct state_pupil *p = &h->state.pupils[i];

        t.closed += p->closed;
        t.transferred += p->closed && p->transferred;
        t.started += !p->closed && p->entry == ENTRY_STARTED;
        t.elsewhere += !p->closed && p->entry != 0 && p->entry != ENTRY_STARTED;
        t.done +=
            p->closed || (p->support_at.ms != 0 && p->told_tutor_at.ms != 0);
    }
    return t;
}

/* The column "condition" of domain 2.4 (b), read again from the facts: bit n is
 * set if line n holds by itself, without the lines before it. */
static uint32_t lines_that_hold(const struct home *h)
{
    const struct state *s = &h->state;
    const struct tally t = tally_of(h);
    const enum review review =
        s->review == NULL ? 0 : s->review->u.review.review;
    const int64_t soon = h->now.ms + 15 * MINUTE;
    size_t bands = 0;
    uint32_t lines = 1U << 15; /* READY: no condition */

    for (unsigned i = 0; i < BAND_COUNT; i++)
        bands += s->bands >> i & 1;
    lines |= (uint32_t)(t.closed == t.all) << 1;
    lines |= (uint32_t)(t.elsewhere > 0 || t.closed + t.started == t.all) << 2;
    lines |= (uint32_t)(review == REVIEW_HOLD || s->stopped ||
                        (h->reach.count == 0 && h->reach.withheld > 0))
             << 3;
    lines |= (uint32_t)(review == REVIEW_ACTION || s->concern || s->complaint ||
                        (s->refusal && review == 0 && s->written_at.ms == 0))
             << 4;
    lines |= (uint32_t)(review == REVIEW_DECLINED || s->refusal) << 5;
    lines |= (uint32_t)(s->contacted_at.ms != 0 && s->invited_at.ms != 0 &&
                        t.done == t.all)
             << 6;
    lines |= (uint32_t)(s->contacted_at.ms != 0) << 7;
    lines |= (uint32_t)(!h->reach.has_point) << 9;
    lines |= (uint32_t)(s->holder[0] != '\0' && s->held_until.ms > h->now.ms)
             << 10;
    lines |= (uint32_t)(s->call_back_at.ms > soon) << 11;
    lines |= (uint32_t)(s->voice >= s->limit && bands >= 3 && s->days >= 5 &&
                        s->missed_at.ms == 0 && s->call_back_at.ms == 0)
             << 12;
    lines |= (uint32_t)(s->tries > 0 && s->next_at.ms > h->now.ms &&
                        s->missed_at.ms == 0)
             << 13;
    lines |= (uint32_t)(s->tries > 0) << 14;
    return lines;
}

static unsigned line_of(enum state_code code)
{
    static const unsigned lines[] = {[STATE_CLOSED] = 1,
        [STATE_TRANSFERRED] = 1,
        [STATE_NOT_ARRIVED] = 2,
        [STATE_STARTED] = 2,
        [STATE_HELD] = 3,
        [STATE_ACTION_NEEDED] = 4,
        [STATE_DECLINED] = 5,
        [STATE_COMPLETE] = 6,
        [STATE_CONTACTED] = 7,
        [STATE_AWAITING_RECORD] = 8,
        [STATE_NO_CONTACT_POINT] = 9,
        [STATE_ALLOCATED] = 10,
        [STATE_CALL_BACK] = 11,
        [STATE_ESCALATED] = 12,
        [STATE_COOLING] = 13,
        [STATE_RETRY_DUE] = 14,
        [STATE_READY] = 15};

    return lines[code];
}

/* Nobody is ever reached: at any time of ten days, until no number is left. */
static void make_unlucky(struct home *h)
{
    static const char *const values[] = {
        "+447700900118", "+441632960118", "+447700900119"};
    const bool wrong = rand_r(&dice) % 2 == 0;

    home_init(h);
    for (int n = rand_r(&dice) % 12; n > 0; n--) {
        struct event_attempt *a =
            home_try(h, wrong ? OUTCOME_WRONG_NUMBER : OUTCOME_NO_ANSWER,
                WEDNESDAY - rand_r(&dice) % 240 * HOUR);

        a->value = values[rand_r(&dice) % 3];
    }
}

/* The first line that holds, and no other, is the state; every line but 8 (a
 * family without a record is no case here) comes up, most with others behind
 * it. */
static void test_the_first_line_that_holds_is_the_state(void **state)
{
    uint32_t seen = 0;
    unsigned several = 0;

    (void)state;
    dice = 24;
    for (int round = 0; round < 20000; round++) {
        struct home h;
        uint32_t lines;
        unsigned first = 1;

        if (round % 3 == 0)
            make_unlucky(&h);
        else
            make_random(&h);
        if (round % 2 == 0) /* short ones come to the last lines */
            h.event_count = h.event_count * (unsigned)(rand_r(&dice) % 8) / 8;
        home_fold(&h);
        lines = lines_that_hold(&h);
        while ((lines >> first & 1) == 0)
            first++;
        assert_int_equal(line_of(h.state.code), first);
        seen |= 1U << first;
        several += (lines & (lines - 1)) != 0;
    }
    assert_int_equal(seen | 1U << 8, 0xFFFE);
    assert_true(several > 1000);
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

static void test_time_alone_needs_no_second_look_at_what_happened(void **state)
{
    (void)state;
    dice = 11;
    for (int round = 0; round < 2000; round++) {
        struct home h;
        struct state then;

        make_random(&h);
        home_fold(&h);
        then = h.state;
        h.facts.now.ms +=
            (int64_t)(rand_r(&dice) % (10 * 24 * 60)) * MINUTE - 2 * DAY;
        state_at(&then, &h.facts);
        state_fold(&h.state, &h.facts);
        assert_int_equal(then.code, h.state.code);
        assert_int_equal(then.callable, h.state.callable);
        assert_int_equal(then.next_at.ms, h.state.next_at.ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_history_gives_exactly_one_state),
        cmocka_unit_test(test_the_first_line_that_holds_is_the_state),
        cmocka_unit_test(test_the_order_of_storing_makes_no_difference),
        cmocka_unit_test(test_figures_do_not_follow_the_state),
        cmocka_unit_test(test_time_alone_needs_no_second_look_at_what_happened),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
