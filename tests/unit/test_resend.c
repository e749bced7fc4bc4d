#include "outbox_room.h"

#include "store/resend.h"
#include "unput.h"

#define HOUR ((int64_t)3600 * 1000)
#define DAY (24 * HOUR)

static int overdue(struct room *room, int64_t now)
{
    int count;

    MUST(db_begin(room->db, err));
    count = resend_overdue(room->db, (wall){now}, DAY, NULL);
    MUST(db_commit(room->db, err));
    return count;
}

static struct outbox_batch next(struct room *room)
{
    struct outbox_batch batch;
    struct err err;

    assert_int_equal(unput_batches(&batch, 1, room->db, &room->arena, &err), 1);
    return batch;
}

static void test_what_a_hub_took_goes_again_when_no_receipt_came(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    const struct outbox_batch a = append(room, stream, 1, 2);
    struct outbox_batch again;

    mark_put(room, &a, HOUR, REASON_NONE);
    assert_int_equal(overdue(room, HOUR + DAY - 1), 0);
    assert_int_equal(read_stream(room, stream).put, 2);
    assert_int_equal(overdue(room, HOUR + DAY), 1);
    assert_int_equal(read_stream(room, stream).put, 0);
    again = next(room);
    assert_false(id_equal(&again.envelope, &a.envelope));
    assert_true(id_equal(&again.origin, &a.envelope));
    assert_int_equal(again.tries, 1);
}

static void test_each_time_it_waits_as_long_as_it_has_waited(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    const struct outbox_batch a = append(room, stream, 1, 1);
    struct outbox_batch again;
    int times = 0;

    mark_put(room, &a, HOUR, REASON_NONE);
    for (int64_t now = DAY; now <= 120 * DAY; now += HOUR)
        if (overdue(room, now) > 0) {
            again = next(room);
            mark_put(room, &again, now, REASON_NONE);
            times++;
        }
    assert_int_equal(times, 7);
    assert_int_equal(again.tries, 7);
    assert_true(id_equal(&again.origin, &a.envelope));
}

static void test_a_clock_that_was_set_delays_nothing(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    const struct outbox_batch a = append(room, stream, 1, 1);
    struct outbox_batch again;

    /* put when the clock was a year ahead */
    mark_put(room, &a, 400 * DAY, REASON_NONE);
    assert_int_equal(overdue(room, 399 * DAY + 1), 0);
    assert_int_equal(overdue(room, 35 * DAY), 1);
    /* made when it was a year behind */
    again = next(room);
    mark_put(room, &again, 400 * DAY, REASON_NONE);
    assert_int_equal(overdue(room, 402 * DAY - 1), 0);
    assert_int_equal(overdue(room, 402 * DAY), 1);
}

static void test_leaves_what_was_received_refused_or_never_put(void **state)
{
    struct room *room = *state;
    const struct outbox_stream stream =
        open_stream(room, &SECONDARY, LANE_NORMAL);
    const struct outbox_batch a = append(room, stream.id, 1, 1);
    const struct outbox_batch b = append(room, stream.id, 2, 2);

    append(room, stream.id, 3, 3);
    mark_put(room, &a, HOUR, REASON_NONE);
    mark_put(room, &b, HOUR, REASON_EXPIRED);
    assert_true(is_fresh(room, (struct saying){1, 0, NULL, "receipt", 300000}));
    assert_int_equal(overdue(room, 90 * DAY), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGENT_TEST(test_what_a_hub_took_goes_again_when_no_receipt_came),
        AGENT_TEST(test_each_time_it_waits_as_long_as_it_has_waited),
        AGENT_TEST(test_a_clock_that_was_set_delays_nothing),
        AGENT_TEST(test_leaves_what_was_received_refused_or_never_put),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
