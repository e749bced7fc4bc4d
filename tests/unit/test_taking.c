#include "outbox_room.h"

#include "store/resend.h"
#include "store/statement.h"

static void assert_evidence(
    struct room *room, int64_t stream, uint64_t seq, int kind, const char *want)
{
    struct bytes got;
    wall at;
    const int rc = outbox_evidence(
        &got, &at, room->db, stream, seq, kind, &room->arena, NULL);

    if (want == NULL) {
        assert_int_equal(rc, ERR_NOT_FOUND);
        return;
    }
    assert_int_equal(rc, 0);
    assert_bytes(got, want);
}

static void test_a_receipt_sets_times_and_drops_applied_bytes(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    const struct outbox_batch a = append(room, stream, 1, 3);
    const struct outbox_batch b = append(room, stream, 4, 6);
    struct outbox_stream got;

    mark_put(room, &a, 2000, REASON_NONE);
    assert_true(is_fresh(room, (struct saying){6, 3, NULL, "r1", 3000}));
    got = read_stream(room, stream);
    assert_int_equal(got.received, 6);
    assert_int_equal(got.applied, 3);
    assert_int_equal(got.heard_at.ms, 3000);
    assert_int_equal(got.unreceipted, 3);
    assert_int_equal(got.oldest_unreceipted.ms, 400);
    assert_int_equal(find(room, &a).received_at.ms, 3000);
    assert_int_equal(find(room, &a).applied_at.ms, 3000);
    assert_int_equal(find(room, &a).put_at.ms, 2000);
    assert_int_equal(find(room, &a).sealed.len, 0);
    assert_int_equal(find(room, &b).received_at.ms, 3000);
    assert_int_equal(find(room, &b).applied_at.ms, 0);
    assert_bytes(find(room, &b).sealed, "sealed");
    /* what was received was put, though no hub has told us */
    assert_int_equal(find(room, &b).put_at.ms, 3000);
    assert_int_equal(got.put, 6);
}

static void test_what_is_deleted_later_is_overwritten_again(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;

    append(room, stream, 1, 3);
    assert_true(is_fresh(room, (struct saying){3, 3, NULL, "r1", 3000}));
    SCOPED(statement_end)
    struct statement st = statement_start(room->db, "PRAGMA secure_delete");

    assert_int_equal(MUST(statement_step(&st, err)), 1);
    assert_int_equal(statement_get_int(&st), 1);
}

static void test_a_receipt_marks_more_batches_than_it_reads_at_once(
    void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;

    for (uint64_t i = 1; i <= 150; i++)
        append(room, stream, i, i);
    assert_true(is_fresh(room, (struct saying){150, 150, NULL, "r", 3000}));
    assert_int_equal(read_stream(room, stream).unreceipted, 0);
    assert_int_equal(read_stream(room, stream).oldest_unreceipted.ms, 0);
    for (uint64_t i = 1; i <= 150; i++) {
        const struct outbox_batch batch = batch_of(stream, i, i);

        assert_int_equal(find(room, &batch).applied_at.ms, 3000);
    }
}

static void test_excepted_numbers_are_not_applied_and_keep_their_bytes(
    void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    const struct outbox_batch a = append(room, stream, 1, 3);
    const struct outbox_batch b = append(room, stream, 4, 5);
    const struct outbox_batch c = append(room, stream, 6, 10);
    const struct exception missing[] = {
        {4, 5, REASON_MISSING}, {0, 0, REASON_NONE}};
    struct exception *got = NULL;

    is_fresh(room, (struct saying){10, 10, missing, "r1", 3000});
    assert_int_equal(find(room, &a).sealed.len, 0);
    assert_bytes(find(room, &b).sealed, "sealed");
    assert_int_equal(find(room, &b).received_at.ms, 0);
    assert_int_equal(find(room, &b).applied_at.ms, 0);
    assert_int_equal(find(room, &c).sealed.len, 0);
    assert_int_equal(read_stream(room, stream).unreceipted, 2);
    assert_int_equal(read_stream(room, stream).oldest_unreceipted.ms, 400);
    assert_int_equal(
        MUST(outbox_exceptions(&got, room->db, stream, &room->arena, err)), 1);
    assert_int_equal(got[0].first, 4);
    assert_int_equal(got[0].last, 5);
    assert_int_equal(got[0].reason, REASON_MISSING);
    /* it came late */
    is_fresh(room, (struct saying){10, 10, NULL, "r2", 4000});
    assert_int_equal(find(room, &b).applied_at.ms, 4000);
    assert_int_equal(read_stream(room, stream).unreceipted, 0);
    assert_int_equal(
        MUST(outbox_exceptions(&got, room->db, stream, &room->arena, err)), 0);
}

static void test_a_number_put_aside_is_answered_but_not_applied(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    const struct outbox_batch a = append(room, stream, 1, 3);
    const struct exception aside[] = {
        {2, 2, REASON_NOT_OURS}, {0, 0, REASON_NONE}};

    is_fresh(room, (struct saying){3, 3, aside, "r1", 3000});
    assert_int_equal(find(room, &a).received_at.ms, 3000);
    assert_int_equal(find(room, &a).applied_at.ms, 0);
    assert_bytes(find(room, &a).sealed, "sealed");
    assert_int_equal(read_stream(room, stream).unreceipted, 0);
    assert_int_equal(read_stream(room, stream).oldest_unreceipted.ms, 0);
    assert_evidence(room, stream, 1, 1, "r1");
    assert_evidence(room, stream, 2, 0, "r1");
    assert_evidence(room, stream, 2, 1, NULL);
    /* sent again, it waits for its answer again */
    MUST(db_begin(room->db, err));
    assert_int_equal(resend_range(room->db, stream, 2, 2, NULL), 1);
    MUST(db_commit(room->db, err));
    assert_int_equal(read_stream(room, stream).oldest_unreceipted.ms, 100);
}

static void test_an_older_or_repeated_receipt_changes_nothing(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    const struct exception hole[] = {
        {2, 3, REASON_MISSING}, {0, 0, REASON_NONE}};
    const struct exception less[] = {
        {2, 2, REASON_MISSING}, {0, 0, REASON_NONE}};
    struct exception *got = NULL;

    append(room, stream, 1, 10);
    assert_true(is_fresh(room, (struct saying){6, 6, hole, "r1", 3000}));
    assert_true(is_fresh(room, (struct saying){6, 6, less, "r2", 4000}));
    assert_false(is_fresh(room, (struct saying){6, 6, hole, "r1", 5000}));
    assert_false(is_fresh(room, (struct saying){5, 5, NULL, "r0", 5000}));
    assert_false(is_fresh(room, (struct saying){6, 5, NULL, "r0", 5000}));
    assert_int_equal(read_stream(room, stream).heard_at.ms, 4000);
    assert_false(is_fresh(room, (struct saying){6, 6, less, "r2", 6000}));
    assert_int_equal(read_stream(room, stream).heard_at.ms, 6000);
    assert_int_equal(read_stream(room, stream).received, 6);
    assert_int_equal(read_stream(room, stream).applied, 6);
    assert_int_equal(
        MUST(outbox_exceptions(&got, room->db, stream, &room->arena, err)), 1);
    assert_int_equal(got[0].last, 2);
}

static void test_refuses_receipts_that_cannot_be(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    static const struct exception beyond[] = {
        {3, 4, REASON_MISSING}, {0, 0, REASON_NONE}};
    static const struct exception backwards[] = {
        {3, 2, REASON_MISSING}, {0, 0, REASON_NONE}};
    static const struct exception twice[] = {
        {2, 3, REASON_MISSING}, {3, 3, REASON_NOT_OURS}, {0, 0, REASON_NONE}};
    static const struct {
        struct saying saying;
        int rc;
    } cases[] = {
        {{4, 3, NULL, "r", 1}, ERR_STATE},
        {{UINT64_MAX, 3, NULL, "r", 1}, ERR_STATE},
        {{2, 3, NULL, "r", 1}, ERR_STATE},
        {{3, 3, beyond, "r", 1}, ERR_STATE},
        {{3, 3, backwards, "r", 1}, ERR_MALFORMED},
        {{3, 3, twice, "r", 1}, ERR_MALFORMED},
    };
    struct receipt wrong = {.lane = LANE_NORMAL, .epoch = id_of(78)};
    struct receipt urgent = {.lane = LANE_URGENT, .epoch = id_of(77)};
    const struct saying fine = {3, 3, NULL, "r", 1};
    bool fresh;

    append(room, stream, 1, 3);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(take(room, &cases[i].saying, &fresh), cases[i].rc);
    assert_int_equal(take_as(room, &fine, &wrong, &fresh), ERR_NOT_FOUND);
    assert_int_equal(take_as(room, &fine, &urgent, &fresh), ERR_NOT_FOUND);
    assert_int_equal(read_stream(room, stream).received, 0);
    assert_evidence(room, stream, 1, 0, NULL);
}

static void test_evidence_is_the_receipt_that_first_covered_a_number(
    void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    const struct exception hole[] = {
        {4, 5, REASON_MISSING}, {0, 0, REASON_NONE}};
    const struct exception aside[] = {
        {4, 5, REASON_BAD_SIGNATURE}, {0, 0, REASON_NONE}};

    append(room, stream, 1, 20);
    is_fresh(room, (struct saying){3, 2, NULL, "r1", 1});
    is_fresh(room, (struct saying){10, 10, hole, "r2", 2});
    is_fresh(room, (struct saying){10, 10, hole, "again", 3});
    is_fresh(room, (struct saying){10, 10, aside, "r3", 4});
    is_fresh(room, (struct saying){10, 10, NULL, "r4", 5});
    is_fresh(room, (struct saying){12, 12, NULL, "r5", 6});
    assert_evidence(room, stream, 2, 1, "r1");
    assert_evidence(room, stream, 3, 0, "r1");
    assert_evidence(room, stream, 3, 1, "r2");
    assert_evidence(room, stream, 4, 0, "r3");
    assert_evidence(room, stream, 4, 1, "r4");
    assert_evidence(room, stream, 6, 1, "r2");
    assert_evidence(room, stream, 12, 1, "r5");
    assert_evidence(room, stream, 13, 0, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGENT_TEST(test_a_receipt_sets_times_and_drops_applied_bytes),
        AGENT_TEST(test_what_is_deleted_later_is_overwritten_again),
        AGENT_TEST(test_a_receipt_marks_more_batches_than_it_reads_at_once),
        AGENT_TEST(test_excepted_numbers_are_not_applied_and_keep_their_bytes),
        AGENT_TEST(test_a_number_put_aside_is_answered_but_not_applied),
        AGENT_TEST(test_an_older_or_repeated_receipt_changes_nothing),
        AGENT_TEST(test_refuses_receipts_that_cannot_be),
        AGENT_TEST(test_evidence_is_the_receipt_that_first_covered_a_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
