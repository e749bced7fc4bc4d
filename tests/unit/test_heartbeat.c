#include "outbox_room.h"

#include "store/heartbeat.h"

#define HOUR ((int64_t)3600 * 1000)
#define DAY (24 * HOUR)

/* batch_of() makes the first batch at 100 ms. */
static int due(struct room *room, int64_t now)
{
    struct heartbeat_due out[4];
    struct err err;

    return heartbeat_due(out, 4, room->db, (wall){now}, DAY, &err);
}

static struct outbox_batch beat(
    struct room *room, int64_t stream, uint64_t first, int64_t at)
{
    struct outbox_batch batch = batch_of(stream, first, first);

    batch.created_at = (wall){at};
    assert_int_equal(append_once(room, &batch), 0);
    MUST(db_begin(room->db, err));
    MUST(heartbeat_mark(room->db, stream, first, err));
    MUST(db_commit(room->db, err));
    return batch;
}

static void test_beats_after_a_days_silence(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    struct heartbeat_due out[4];

    open_stream(room, &OTHER, LANE_URGENT);
    append(room, stream, 1, 1);
    assert_int_equal(due(room, DAY), 0);
    assert_int_equal(due(room, DAY + 100), 1);
    MUST(heartbeat_due(out, 4, room->db, (wall){DAY + 100}, DAY, err));
    assert_true(laestab_equal(&out[0].recipient, &SECONDARY));
    assert_int_equal(out[0].lane, LANE_NORMAL);
}

static void test_one_at_a_time_waits_for_its_receipt(void **state)
{
    struct room *room = *state;
    const struct outbox_stream stream =
        open_stream(room, &SECONDARY, LANE_NORMAL);

    append(room, stream.id, 1, 1);
    beat(room, stream.id, 2, DAY);
    assert_int_equal(due(room, 5 * DAY), 0);
    assert_true(is_fresh(room, (struct saying){2, 2, NULL, "receipt", 300000}));
    assert_int_equal(due(room, 2 * DAY - 1), 0);
    assert_int_equal(due(room, 2 * DAY), 1);
}

static void test_a_peer_without_news_grows_quiet(void **state)
{
    struct room *room = *state;
    const struct outbox_stream stream =
        open_stream(room, &SECONDARY, LANE_NORMAL);

    append(room, stream.id, 1, 1);
    beat(room, stream.id, 2, 50 * DAY);
    assert_true(is_fresh(room, (struct saying){2, 2, NULL, "receipt", 300000}));
    assert_int_equal(due(room, 60 * DAY), 1);
    assert_int_equal(due(room, 60 * DAY + 100), 0);
}

/* Its clock was a year ahead when the batch was made. */
static void test_a_clock_that_was_set_back_is_no_silence(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    struct outbox_batch batch = batch_of(stream, 1, 1);

    batch.created_at = (wall){400 * DAY};
    assert_int_equal(append_once(room, &batch), 0);
    assert_int_equal(due(room, 399 * DAY), 0);
    assert_int_equal(due(room, 35 * DAY), 1);
    beat(room, stream, 2, 35 * DAY);
    assert_true(is_fresh(room, (struct saying){2, 2, NULL, "receipt", 300000}));
    assert_int_equal(due(room, 36 * DAY - 1), 0);
    assert_int_equal(due(room, 36 * DAY), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGENT_TEST(test_beats_after_a_days_silence),
        AGENT_TEST(test_one_at_a_time_waits_for_its_receipt),
        AGENT_TEST(test_a_peer_without_news_grows_quiet),
        AGENT_TEST(test_a_clock_that_was_set_back_is_no_silence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
