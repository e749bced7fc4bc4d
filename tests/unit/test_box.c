#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hub/box.h"

#define MIB ((uint64_t)1024 * 1024)

static struct box *fetching(struct box_table *table, const char *school)
{
    const struct listener_peer peer = {.routing_len = 1};
    struct laestab laestab;
    struct box *box;

    assert_int_equal(laestab_parse(&laestab, school, NULL), 0);
    box = box_open(table, &laestab);
    box_greet(box, &peer, &(struct id){{1}});
    box_fetch(box, 0, 80 * MIB);
    return box;
}

static void test_the_pool_is_shared_and_leaves_each_one_letter(void **state)
{
    struct box_table table = {.boxes = NULL};
    struct box *greedy = fetching(&table, "8732001");
    struct box *modest = fetching(&table, "8732002");

    (void)state;
    for (uint64_t cursor = 1; cursor <= 64; cursor++) {
        assert_true(box_has_room(greedy));
        box_sent(greedy, LANE_NORMAL, &(struct box_flight){cursor, MIB, {9}});
    }
    assert_false(box_has_room(greedy));
    assert_true(box_is_starved(greedy));
    assert_true(box_has_room(modest));
    box_sent(modest, LANE_NORMAL, &(struct box_flight){65, MIB, {9}});
    assert_false(box_has_room(modest));
    assert_true(box_is_starved(modest));
    box_acked(greedy, 1);
    assert_false(box_has_room(modest));
    box_acked(greedy, 2);
    assert_true(box_has_room(modest));
    assert_false(box_is_starved(modest));
    box_free_table(&table);
}

static void test_who_leaves_gives_all_back(void **state)
{
    struct box_table table = {.boxes = NULL};
    struct box *box = fetching(&table, "8732001");

    (void)state;
    box_sent(box, LANE_NORMAL, &(struct box_flight){1, 5 * MIB, {9}});
    box_sent(box, LANE_URGENT, &(struct box_flight){2, MIB, {9}});
    assert_int_equal(table.pool, 6 * MIB);
    assert_int_equal(box_handed(box, 2).ms, 9);
    assert_int_equal(box_handed(box, 3).ms, 0);
    box_acked(box, 1);
    assert_int_equal(table.pool, MIB);
    box_leave(box);
    assert_int_equal(table.pool, 0);
    box_acked(box, 2);
    assert_int_equal(table.pool, 0);
    box_free_table(&table);
}

static void test_a_full_credit_is_not_the_pools_fault(void **state)
{
    struct box_table table = {.boxes = NULL};
    struct box *box = fetching(&table, "8732001");

    (void)state;
    box_fetch(box, 0, MIB);
    box_sent(box, LANE_NORMAL, &(struct box_flight){1, MIB, {9}});
    assert_false(box_has_room(box));
    assert_false(box_is_starved(box));
    box_free_table(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_pool_is_shared_and_leaves_each_one_letter),
        cmocka_unit_test(test_who_leaves_gives_all_back),
        cmocka_unit_test(test_a_full_credit_is_not_the_pools_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
