#include "outbox_room.h"
#include "store/resend.h"
#include "unput.h"

static int unput(struct room *room, struct outbox_batch out[8])
{
    return MUST(unput_batches(out, 8, room->db, &room->arena, err));
}

static void test_a_stream_is_made_once(void **state)
{
    struct room *room = *state;
    const struct outbox_stream stream =
        open_stream(room, &SECONDARY, LANE_NORMAL);
    const struct id other = id_of(78);
    struct outbox_stream again;

    assert_int_equal(stream.next_seq, 1);
    assert_string_equal(stream.recipient.text, SECONDARY.text);
    assert_int_equal(stream.lane, LANE_NORMAL);
    MUST(db_begin(room->db, err));
    MUST(outbox_open_stream(
        &again, room->db, &SECONDARY, LANE_NORMAL, &other, err));
    MUST(db_commit(room->db, err));
    assert_int_equal(again.id, stream.id);
    assert_true(id_equal(&again.epoch, &stream.epoch));
    assert_int_not_equal(
        open_stream(room, &SECONDARY, LANE_URGENT).id, stream.id);
    assert_int_not_equal(open_stream(room, &OTHER, LANE_NORMAL).id, stream.id);
}

static void test_numbers_have_no_holes_and_are_never_used_twice(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    static const struct {
        uint64_t first, last;
    } wrong[] = {{1, 1}, {3, 3}, {5, 5}, {0, 4}, {4, 3}};
    struct outbox_stream got;

    append(room, stream, 1, 3);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct outbox_batch batch =
            batch_of(stream, wrong[i].first, wrong[i].last);

        batch.envelope = id_of(5);
        assert_int_equal(append_once(room, &batch), ERR_STATE);
    }
    append(room, stream, 4, 4);
    got = read_stream(room, stream);
    assert_int_equal(got.next_seq, 5);
    assert_int_equal(got.head.bytes[0], 4);
    assert_int_equal(got.unreceipted, 4);
    assert_int_equal(got.oldest_unreceipted.ms, 100);
}

static void test_a_rollback_takes_the_numbers_back(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    const struct outbox_batch batch = batch_of(stream, 1, 3);

    MUST(db_begin(room->db, err));
    MUST(outbox_append(room->db, &batch, err));
    db_rollback(room->db);
    assert_int_equal(read_stream(room, stream).next_seq, 1);
    append(room, stream, 1, 2);
}

static void test_gives_unput_urgent_first_then_oldest(void **state)
{
    struct room *room = *state;
    const int64_t normal = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    const int64_t urgent = open_stream(room, &SECONDARY, LANE_URGENT).id;
    const struct outbox_batch a = append(room, normal, 1, 1);
    const struct outbox_batch b = append(room, normal, 2, 2);
    const struct outbox_batch c = append(room, urgent, 1, 1);
    struct outbox_batch got[8];
    int64_t flying[2];
    const struct outbox_flight flight = {.ids = flying, .count = 2};
    struct outbox_batch next;

    assert_int_equal(unput(room, got), 3);
    assert_true(id_equal(&got[0].envelope, &c.envelope));
    assert_true(id_equal(&got[1].envelope, &a.envelope));
    assert_true(id_equal(&got[2].envelope, &b.envelope));
    assert_bytes(got[0].header, "header");
    assert_bytes(got[0].sealed, "sealed");
    assert_int_equal(
        MUST(unput_batches(got, 2, room->db, &room->arena, err)), 2);
    flying[0] = got[0].id;
    flying[1] = got[1].id;
    MUST(outbox_next_unput(&next, room->db, &flight, &room->arena, err));
    assert_true(id_equal(&next.envelope, &b.envelope));
    assert_bytes(next.sealed, "sealed");
    mark_put(room, &b, 2000, REASON_NONE);
    assert_int_equal(
        outbox_next_unput(&next, room->db, &flight, &room->arena, NULL),
        ERR_NOT_FOUND);
    assert_int_equal(unput(room, got), 2);
}

static void test_put_is_the_end_of_what_a_hub_has_without_gap(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    const struct outbox_batch a = append(room, stream, 1, 3);
    const struct outbox_batch b = append(room, stream, 4, 5);
    struct outbox_batch got;

    mark_put(room, &b, 2000, REASON_NONE);
    assert_int_equal(read_stream(room, stream).put, 0);
    mark_put(room, &a, 2000, REASON_NONE);
    assert_int_equal(read_stream(room, stream).put, 5);
    MUST(db_begin(room->db, err));
    assert_int_equal(resend_range(room->db, stream, 5, 9, NULL), 1);
    MUST(db_commit(room->db, err));
    assert_int_equal(read_stream(room, stream).put, 3);
    /* under a new name */
    assert_int_equal(
        outbox_find(&got, room->db, &b.envelope, NULL, NULL), ERR_NOT_FOUND);
    MUST(unput_batches(&got, 1, room->db, &room->arena, err));
    assert_int_equal(got.first, 4);
    assert_int_equal(find(room, &a).put_at.ms, 2000);
}

static void test_a_refused_batch_waits_until_it_is_sent_again(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    const struct outbox_batch a = append(room, stream, 1, 1);
    const struct id unknown = id_of(9);
    struct outbox_batch got[8];

    mark_put(room, &a, 2000, REASON_QUOTA);
    assert_int_equal(find(room, &a).refused, REASON_QUOTA);
    assert_int_equal(find(room, &a).put_at.ms, 0);
    assert_int_equal(unput(room, got), 0);
    MUST(db_begin(room->db, err));
    assert_int_equal(resend_range(room->db, stream, 1, 1, NULL), 1);
    assert_int_equal(
        outbox_mark_put(room->db, &unknown, (wall){1}, REASON_NONE, NULL),
        ERR_NOT_FOUND);
    MUST(db_commit(room->db, err));
    assert_int_equal(unput(room, got), 1);
    /* the recipient refuses what the hub has: it stays put */
    mark_put(room, &got[0], 2000, REASON_NONE);
    mark_put(room, &got[0], 3000, REASON_BAD_SIGNATURE);
    assert_int_equal(find(room, &got[0]).put_at.ms, 2000);
    assert_int_equal(find(room, &got[0]).refused, REASON_BAD_SIGNATURE);
}

static int collect_batch(void *arg, const struct outbox_batch *batch)
{
    char *seen = arg;

    add_seen(seen, "%d-%d ", (int)batch->first, (int)batch->last);
    return batch->sealed.len > 0 ? 1 : 0;
}

static int collect_stream(void *arg, const struct outbox_stream *stream)
{
    char *seen = arg;

    add_seen(seen, "%s/%d/%d ", stream->recipient.text, (int)stream->lane,
        (int)stream->unreceipted);
    return 0;
}

static void test_lists_streams_and_batches(void **state)
{
    struct room *room = *state;
    const int64_t normal = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    char seen[SEEN_SIZE] = "";

    open_stream(room, &OTHER, LANE_URGENT);
    append(room, normal, 1, 3);
    append(room, normal, 4, 5);
    is_fresh(room, (struct saying){3, 3, NULL, "r", 1});
    MUST(outbox_each_stream(room->db, collect_stream, seen, err));
    assert_string_equal(seen, "9364001/2/2 9364002/1/0 ");
    seen[0] = '\0';
    MUST(outbox_each_batch(room->db, false, collect_batch, seen, err));
    assert_string_equal(seen, "1-3 4-5 ");
    seen[0] = '\0';
    MUST(outbox_each_batch(room->db, true, collect_batch, seen, err));
    assert_string_equal(seen, "4-5 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGENT_TEST(test_a_stream_is_made_once),
        AGENT_TEST(test_numbers_have_no_holes_and_are_never_used_twice),
        AGENT_TEST(test_a_rollback_takes_the_numbers_back),
        AGENT_TEST(test_gives_unput_urgent_first_then_oldest),
        AGENT_TEST(test_put_is_the_end_of_what_a_hub_has_without_gap),
        AGENT_TEST(test_a_refused_batch_waits_until_it_is_sent_again),
        AGENT_TEST(test_lists_streams_and_batches),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
