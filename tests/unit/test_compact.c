#include "outbox_room.h"

#include "store/compact.h"
#include "store/heartbeat.h"
#include "store/recalls.h"
#include "store/resend.h"
#include "unput.h"

#define DAY (INT64_C(24) * 3600 * 1000)

struct seen {
    uint64_t firsts[1024];
    size_t count;
};

static int see(void *arg, const struct outbox_batch *batch)
{
    struct seen *seen = arg;

    seen->firsts[seen->count++] = batch->first;
    return 0;
}

static struct seen batches(struct room *room)
{
    struct seen seen = {.count = 0};

    MUST(outbox_each_batch(room->db, false, see, &seen, err));
    return seen;
}

static int compact(struct room *room, int64_t at)
{
    int rc;

    MUST(db_begin(room->db, err));
    rc = MUST(compact_run(room->db, (wall){at}, err));
    MUST(db_commit(room->db, err));
    return rc;
}

/* Numbers 1 to last, one a batch, each put and receipted on day 1. */
static int64_t receipted(struct room *room, uint64_t last)
{
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;

    for (uint64_t n = 1; n <= last; n++) {
        const struct outbox_batch batch = append(room, stream, n, n);
        char bytes[24];

        mark_put(room, &batch, DAY, REASON_NONE);
        snprintf(bytes, sizeof bytes, "receipt %u", (unsigned)n);
        assert_true(is_fresh(room, (struct saying){n, n, NULL, bytes, DAY}));
    }
    return stream;
}

static void assert_evidence(
    struct room *room, int64_t stream, uint64_t seq, const char *bytes)
{
    struct bytes signed_receipt;
    wall at;

    MUST(outbox_evidence(
        &signed_receipt, &at, room->db, stream, seq, 1, &room->arena, err));
    assert_int_equal(signed_receipt.len, strlen(bytes));
    assert_memory_equal(signed_receipt.data, bytes, signed_receipt.len);
}

static void point_leaver_at(struct room *room, int64_t stream, uint64_t seq)
{
    struct leavers_row row = {.tag = tag_of((unsigned)seq),
        .destination = SECONDARY,
        .revision = 1,
        .sent_as = tag_of(1000 + (unsigned)seq),
        .sealed = bytes_of("sealed"),
        .changed_at = {100}};

    MUST(db_begin(room->db, err));
    MUST(leavers_next_id(room->db, &row.id, err));
    MUST(leavers_put(room->db, &row, err));
    MUST(leavers_mark_sent(room->db, row.id, 1, stream, seq, err));
    MUST(db_commit(room->db, err));
}

static void test_what_nothing_rests_on_goes_after_thirty_days(void **state)
{
    struct room *room = *state;
    const int64_t stream = receipted(room, 5);
    struct seen left;

    point_leaver_at(room, stream, 2);
    assert_int_equal(compact(room, (COMPACT_DAYS + 1) * DAY - 1), 0);
    assert_int_equal(batches(room).count, 5);
    /* batches 1, 3, 4 and their receipts */
    assert_int_equal(compact(room, (COMPACT_DAYS + 1) * DAY), 6);
    left = batches(room);
    assert_int_equal(left.count, 2);
    assert_int_equal(left.firsts[0], 2);
    assert_int_equal(left.firsts[1], 5);
    assert_evidence(room, stream, 2, "receipt 2");
    assert_evidence(room, stream, 5, "receipt 5");
    assert_int_equal(compact(room, 1000 * DAY), 0);
    assert_int_equal(read_stream(room, stream).next_seq, 6);
    assert_int_equal(read_stream(room, stream).unreceipted, 0);
}

static void test_a_tombstone_keeps_its_batch_and_its_receipt(void **state)
{
    struct room *room = *state;
    const int64_t stream = receipted(room, 3);
    const struct recall recall = {.id = 1,
        .leaver = 9,
        .school = SECONDARY,
        .tag = tag_of(1),
        .revision = 2,
        .kind = TOMBSTONE_RECALLED,
        .stream = stream,
        .seq = 1,
        .sealed = bytes_of("words")};

    MUST(db_begin(room->db, err));
    MUST(recalls_put(room->db, &recall, err));
    MUST(db_commit(room->db, err));
    assert_int_equal(compact(room, 100 * DAY), 2);
    assert_int_equal(batches(room).firsts[0], 1);
    assert_evidence(room, stream, 1, "receipt 1");
}

/* One that says "applied, but for this number" does not confirm it. */
static void test_a_receipt_with_a_hole_does_not_replace_the_one_without(
    void **state)
{
    static const struct exception hole[] = {
        {2, 2, REASON_UNKNOWN_SENDER}, {0, 0, 0}};
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;

    for (uint64_t n = 1; n <= 4; n++) {
        const struct outbox_batch batch = append(room, stream, n, n);

        mark_put(room, &batch, DAY, REASON_NONE);
    }
    point_leaver_at(room, stream, 2);
    assert_true(is_fresh(room, (struct saying){3, 3, hole, "hole", DAY}));
    assert_true(is_fresh(room, (struct saying){3, 3, NULL, "whole", DAY}));
    assert_true(is_fresh(room, (struct saying){4, 4, NULL, "newest", DAY}));
    compact(room, 100 * DAY);
    assert_evidence(room, stream, 2, "whole");
    assert_evidence(room, stream, 4, "newest");
}

static void test_what_has_no_answer_stays_for_ever(void **state)
{
    static const struct exception holes[] = {
        {1, 1, REASON_MISSING}, {2, 2, REASON_NOT_OURS}, {0, 0, 0}};
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    struct outbox_batch got;
    struct seen left;

    for (uint64_t n = 1; n <= 4; n++) {
        const struct outbox_batch batch = append(room, stream, n, n);

        mark_put(room, &batch, DAY, REASON_NONE);
    }
    assert_true(is_fresh(room, (struct saying){3, 3, holes, "r", DAY}));
    assert_int_equal(compact(room, 100 * DAY), 2); /* 2 was refused; 3 */
    left = batches(room);
    assert_int_equal(left.count, 2);
    assert_int_equal(left.firsts[0], 1);
    assert_int_equal(left.firsts[1], 4);
    /* the bytes of what is left are there, to go again */
    MUST(db_begin(room->db, err));
    assert_int_equal(resend_range(room->db, stream, 1, 4, NULL), 2);
    MUST(db_commit(room->db, err));
    assert_int_equal(
        MUST(unput_batches(&got, 1, room->db, &room->arena, err)), 1);
    assert_bytes(got.sealed, "sealed");
}

/* Heartbeats depend on when the stream last told something else. */
static void test_the_newest_batch_that_is_no_heartbeat_stays(void **state)
{
    struct room *room = *state;
    const int64_t stream = receipted(room, 4);
    struct seen left;

    MUST(db_begin(room->db, err));
    MUST(heartbeat_mark(room->db, stream, 3, err));
    MUST(heartbeat_mark(room->db, stream, 4, err));
    MUST(db_commit(room->db, err));
    compact(room, 100 * DAY);
    left = batches(room);
    assert_int_equal(left.count, 2);
    assert_int_equal(left.firsts[0], 2);
    assert_int_equal(left.firsts[1], 4);
}

static void test_a_closed_epoch_goes_when_nothing_is_left_of_it(void **state)
{
    struct room *room = *state;
    const int64_t old = receipted(room, 2);
    const struct id epoch = id_of(79);
    struct outbox_stream gone;

    point_leaver_at(room, old, 2);
    MUST(db_begin(room->db, err));
    MUST(outbox_new_epoch(room->db, &SECONDARY, LANE_NORMAL, &epoch, err));
    MUST(db_commit(room->db, err));
    compact(room, 100 * DAY);
    assert_int_equal(batches(room).count, 1);
    assert_evidence(room, old, 2, "receipt 2");
    MUST(db_begin(room->db, err));
    MUST(leavers_mark_sent(room->db, 1, 1, old + 1, 1, err));
    MUST(db_commit(room->db, err));
    compact(room, 100 * DAY);
    assert_int_equal(batches(room).count, 0);
    assert_int_equal(outbox_stream(&gone, room->db, old, NULL), ERR_NOT_FOUND);
}

static void test_much_goes_in_pieces(void **state)
{
    struct room *room = *state;

    receipted(room, COMPACT_ROWS + 10);
    assert_true(compact(room, 100 * DAY) >= COMPACT_ROWS);
    assert_in_range(compact(room, 100 * DAY), 1, COMPACT_ROWS - 1);
    assert_int_equal(compact(room, 100 * DAY), 0);
    assert_int_equal(batches(room).count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGENT_TEST(test_what_nothing_rests_on_goes_after_thirty_days),
        AGENT_TEST(test_a_tombstone_keeps_its_batch_and_its_receipt),
        AGENT_TEST(test_a_receipt_with_a_hole_does_not_replace_the_one_without),
        AGENT_TEST(test_what_has_no_answer_stays_for_ever),
        AGENT_TEST(test_the_newest_batch_that_is_no_heartbeat_stays),
        AGENT_TEST(test_a_closed_epoch_goes_when_nothing_is_left_of_it),
        AGENT_TEST(test_much_goes_in_pieces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
