/* The order of the call list, group by group, and the blocked counts. */
#include "case_fixture.h"

#include "outreach/order.h"

#define MOST 10

struct list {
    struct state states[MOST];
    struct order_entry entries[MOST];
    size_t count;
};

static struct order_entry *add(struct list *l, enum state_code code)
{
    struct order_entry *e = &l->entries[l->count];
    struct state *s = &l->states[l->count++];

    memset(s, 0, sizeof *s);
    s->code = code;
    s->holder = "";
    s->callable = code == STATE_READY || code == STATE_RETRY_DUE ||
                  code == STATE_CONTACTED;
    *e = (struct order_entry){.family = (int64_t)l->count,
        .state = s,
        .tier = TIER_UNIVERSAL,
        .deadline = {2027, 9, 1},
        .oldest_record = {WEDNESDAY - 30 * DAY}};
    return e;
}

static void sort(struct list *l)
{
    const struct policy policy = policy_usual();

    order_sort(l->entries, l->count, &policy, (wall){WEDNESDAY});
}

static void test_groups_come_in_the_order_of_the_specification(void **state)
{
    struct list l = {.count = 0};

    (void)state;
    add(&l, STATE_CONTACTED);                   /* 1, comes last */
    add(&l, STATE_RETRY_DUE);                   /* 2 */
    add(&l, STATE_READY);                       /* 3 */
    add(&l, STATE_READY)->tier = TIER_TARGETED; /* 4 */
    add(&l, STATE_READY)->session_soon = true;  /* 5 */
    add(&l, STATE_READY)->tier = TIER_ENHANCED; /* 6 */
    add(&l, STATE_RETRY_DUE);                   /* 7 */
    l.states[6].missed_at.ms = WEDNESDAY - HOUR;
    add(&l, STATE_RETRY_DUE); /* 8 */
    l.states[7].call_back_at.ms = WEDNESDAY + 10 * MINUTE;
    add(&l, STATE_COOLING); /* 9, not at all */
    sort(&l);
    for (size_t i = 0; i < 8; i++)
        if (l.entries[i].family != (int64_t)(8 - i) ||
            l.entries[i].group != (enum order_group)(i + 1))
            fail_msg("place %zu: case %lld", i, (long long)l.entries[i].family);
    assert_int_equal(l.entries[8].group, ORDER_NOT_NOW);
}

static void test_within_a_group_language_deadline_oldest_then_case(void **state)
{
    struct list l = {.count = 0};

    (void)state;
    add(&l, STATE_READY);                                          /* 1 */
    add(&l, STATE_READY);                                          /* 2 */
    add(&l, STATE_READY)->oldest_record.ms = WEDNESDAY - 31 * DAY; /* 3 */
    add(&l, STATE_READY)->deadline = (struct date){2027, 8, 30};   /* 4 */
    add(&l, STATE_READY)->language_match = true;                   /* 5 */
    sort(&l);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(l.entries[i].family, 5 - (int64_t)i);
    assert_int_equal(l.entries[3].family, 1);
    assert_int_equal(l.entries[4].family, 2);
}

static void test_retries_go_by_when_they_are_due_then_by_tries(void **state)
{
    struct list l = {.count = 0};

    (void)state;
    for (size_t i = 0; i < 3; i++)
        add(&l, STATE_RETRY_DUE);
    l.states[0].next_at.ms = WEDNESDAY - HOUR;
    l.states[0].tries = 3;
    l.states[1].next_at.ms = WEDNESDAY - HOUR;
    l.states[1].tries = 2;
    l.states[2].next_at.ms = WEDNESDAY - 2 * HOUR;
    sort(&l);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(l.entries[i].family, 3 - (int64_t)i);
}

static void test_counts_who_is_blocked_and_why(void **state)
{
    const struct policy policy = policy_usual();
    struct list l = {.count = 0};
    struct order_blocked b;

    (void)state;
    add(&l, STATE_HELD);
    add(&l, STATE_ACTION_NEEDED);
    add(&l, STATE_DECLINED);
    add(&l, STATE_AWAITING_RECORD);
    add(&l, STATE_NO_CONTACT_POINT);
    add(&l, STATE_ESCALATED);
    add(&l, STATE_COOLING);
    add(&l, STATE_CALL_BACK);
    l.states[7].call_back_at.ms = WEDNESDAY + DAY;
    add(&l, STATE_ALLOCATED);
    l.states[8].holder = "jl";
    l.states[8].held_until.ms = WEDNESDAY + MINUTE;
    add(&l, STATE_COMPLETE); /* waits for nobody */
    order_count(&b, l.entries, l.count, &policy, (wall){WEDNESDAY});
    assert_int_equal(b.held, 1);
    assert_int_equal(b.action_needed, 1);
    assert_int_equal(b.declined, 1);
    assert_int_equal(b.awaiting_record, 1);
    assert_int_equal(b.no_usable_point, 1);
    assert_int_equal(b.escalated, 1);
    assert_int_equal(b.called_too_recently, 1);
    assert_int_equal(b.call_back_later, 1);
    assert_int_equal(b.leased, 1);
    assert_int_equal(b.opens_at.ms, 0);
    order_count(&b, l.entries, l.count, &policy, (wall){WEDNESDAY + 12 * HOUR});
    assert_int_equal(b.opens_at.ms, WEDNESDAY + 22 * HOUR + 30 * MINUTE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_groups_come_in_the_order_of_the_specification),
        cmocka_unit_test(
            test_within_a_group_language_deadline_oldest_then_case),
        cmocka_unit_test(test_retries_go_by_when_they_are_due_then_by_tries),
        cmocka_unit_test(test_counts_who_is_blocked_and_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
