#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agentd/holds.h"

static mono later(int64_t ms)
{
    return (mono){clock_mono().ms + ms};
}

static void test_a_stream_waits_for_a_while_and_no_other_does(void **state)
{
    struct holds holds = {.count = 0};
    int64_t streams[HOLDS_MAX];

    (void)state;
    assert_true(holds_add(&holds, 7, REASON_QUOTA));
    assert_int_equal(holds_streams(streams, &holds, clock_mono()), 1);
    assert_int_equal(streams[0], 7);
    assert_in_range(holds_deadline(&holds, clock_mono()).ms - clock_mono().ms,
        HOLDS_MS - 1000, HOLDS_MS);
    assert_int_equal(holds_streams(streams, &holds, later(HOLDS_MS)), 0);
    assert_int_equal(holds_deadline(&holds, later(HOLDS_MS)).ms, 0);
}

static void test_the_reason_stays_until_a_hub_takes_a_letter(void **state)
{
    struct holds holds = {.count = 0};

    (void)state;
    assert_true(holds_add(&holds, 7, REASON_DISK_FULL));
    assert_true(holds_add(&holds, 7, REASON_QUOTA));
    assert_true(holds_add(&holds, 8, REASON_DISK_FULL));
    assert_int_equal(holds.count, 2);
    assert_int_equal(holds_find(&holds, 7)->reason, REASON_QUOTA);
    assert_int_equal(holds_find(&holds, 7)->turns, 2);
    holds_drop(&holds, 7);
    holds_drop(&holds, 9);
    assert_null(holds_find(&holds, 7));
    assert_int_equal(holds_find(&holds, 8)->reason, REASON_DISK_FULL);
}

static void test_says_when_it_has_no_room_for_another(void **state)
{
    struct holds holds = {.count = 0};

    (void)state;
    for (int64_t stream = 1; stream <= HOLDS_MAX; stream++)
        assert_true(holds_add(&holds, stream, REASON_QUOTA));
    assert_false(holds_add(&holds, HOLDS_MAX + 1, REASON_QUOTA));
    assert_true(holds_add(&holds, HOLDS_MAX, REASON_QUOTA));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_stream_waits_for_a_while_and_no_other_does),
        cmocka_unit_test(test_the_reason_stays_until_a_hub_takes_a_letter),
        cmocka_unit_test(test_says_when_it_has_no_room_for_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
