#include "store_room.h"

#include "store/leavers.h"
#include "store/outbox.h"

#define AGENT_TEST(test)                                                       \
    cmocka_unit_test_setup_teardown(test, room_open_agent, room_close)

static const struct laestab HERE = {"9364001"};

/* Leaver 1 went out as number 2 of a batch of three; then one thing more. */
struct sent {
    struct room *room;
    struct leavers_row row;
    struct id epoch, envelope;
    int64_t stream;
};

static struct sent send_one(struct room *room)
{
    struct sent sent = {.room = room, .epoch = id_of(1), .envelope = id_of(2)};
    struct outbox_stream stream;
    struct outbox_batch batch = {.envelope = sent.envelope,
        .first = 1,
        .last = 3,
        .header = bytes_of("h"),
        .sealed = bytes_of("s"),
        .created_at = {1000}};

    MUST(db_begin(room->db, err));
    sent.row = room_leaver(1);
    sent.row.id = room_add_leaver(room, 1);
    MUST(outbox_open_stream(
        &stream, room->db, &HERE, LANE_NORMAL, &sent.epoch, err));
    sent.stream = batch.stream = stream.id;
    MUST(outbox_append(room->db, &batch, err));
    MUST(leavers_mark_sent(room->db, sent.row.id, 1, stream.id, 2, err));
    MUST(db_commit(room->db, err));
    return sent;
}

static void put_at_hub(struct sent *sent, enum reason refused)
{
    MUST(db_begin(sent->room->db, err));
    MUST(outbox_mark_put(
        sent->room->db, &sent->envelope, (wall){2000}, refused, err));
    MUST(db_commit(sent->room->db, err));
}

static void take(struct sent *sent, uint64_t received, uint64_t applied,
    enum reason exception)
{
    struct exception exceptions[] = {{2, 2, exception}};
    const struct receipt receipt = {.lane = LANE_NORMAL,
        .epoch = sent->epoch,
        .received = received,
        .applied = applied,
        .exceptions = exceptions,
        .exception_count = exception == REASON_NONE ? 0 : 1};
    bool fresh;

    MUST(db_begin(sent->room->db, err));
    MUST(outbox_take_receipt(sent->room->db, &HERE, &receipt, bytes_of("r"),
        (wall){3000}, &fresh, err));
    MUST(db_commit(sent->room->db, err));
}

static void assert_state(
    struct sent *sent, enum leaver_state state, enum reason reason)
{
    const struct leavers_row got = room_find_leaver(sent->room, 1);

    assert_string_equal(
        leavers_state_name(got.state), leavers_state_name(state));
    assert_int_equal(got.reason, reason);
}

static void test_the_state_follows_the_outbox(void **state)
{
    struct sent sent = send_one(*state);
    struct leavers_row got;

    assert_state(&sent, LEAVER_QUEUED, REASON_NONE);
    put_at_hub(&sent, REASON_NONE);
    assert_state(&sent, LEAVER_SENT, REASON_NONE);
    take(&sent, 3, 0, REASON_NONE);
    assert_state(&sent, LEAVER_RECEIVED, REASON_NONE);
    take(&sent, 3, 3, REASON_NONE);
    assert_state(&sent, LEAVER_APPLIED, REASON_NONE);
    MUST(db_begin(sent.room->db, err));
    MUST(leavers_mark_read(
        sent.room->db, &sent.row.tag, &HERE, 1, "DSL", (wall){4000}, err));
    MUST(db_commit(sent.room->db, err));
    assert_state(&sent, LEAVER_READ, REASON_NONE);
    got = room_find_leaver(sent.room, 1);
    assert_int_equal(got.queued_at.ms, 1000);
    assert_int_equal(got.sent_at.ms, 2000);
    assert_int_equal(got.received_at.ms, 3000);
    assert_int_equal(got.applied_at.ms, 3000);
    assert_int_equal(got.read_at.ms, 4000);
    assert_string_equal(got.read_role, "DSL");
}

static void test_a_recalled_leaver_stays_so_whatever_else_holds(void **state)
{
    struct sent sent = send_one(*state);

    sent.row = room_find_leaver(sent.room, 1);
    sent.row.recalled_at = (wall){500};
    for (uint64_t revision = 1; revision < 3; revision++) {
        sent.row.revision = revision;
        sent.row.blocked = revision == 2;
        sent.row.sealed = bytes_of("sealed");
        MUST(db_begin(sent.room->db, err));
        MUST(leavers_put(sent.room->db, &sent.row, err));
        MUST(db_commit(sent.room->db, err));
        assert_state(&sent, LEAVER_RECALLED, REASON_NONE);
    }
    put_at_hub(&sent, REASON_QUOTA);
    assert_state(&sent, LEAVER_RECALLED, REASON_QUOTA);
    assert_int_equal(room_find_leaver(sent.room, 1).recalled_at.ms, 500);
}

static void test_a_changed_leaver_is_ready_again_and_a_blocked_one_a_draft(
    void **state)
{
    struct sent sent = send_one(*state);

    sent.row = room_find_leaver(sent.room, 1);
    sent.row.revision = 2;
    MUST(db_begin(sent.room->db, err));
    MUST(leavers_put(sent.room->db, &sent.row, err));
    MUST(db_commit(sent.room->db, err));
    assert_state(&sent, LEAVER_READY, REASON_NONE);
    assert_int_equal(room_find_leaver(sent.room, 1).queued_at.ms, 1000);
    sent.row.blocked = true;
    MUST(db_begin(sent.room->db, err));
    MUST(leavers_put(sent.room->db, &sent.row, err));
    MUST(db_commit(sent.room->db, err));
    assert_state(&sent, LEAVER_DRAFT, REASON_NONE);
}

static void test_a_refused_batch_shows_as_rejected_with_the_reason(void **state)
{
    struct sent sent = send_one(*state);

    put_at_hub(&sent, REASON_QUOTA);
    assert_state(&sent, LEAVER_REJECTED, REASON_QUOTA);
}

static void test_an_exception_shows_as_quarantined_with_the_reason(void **state)
{
    struct sent sent = send_one(*state);

    put_at_hub(&sent, REASON_NONE);
    take(&sent, 3, 3, REASON_BAD_SIGNATURE);
    assert_state(&sent, LEAVER_QUARANTINED, REASON_BAD_SIGNATURE);
}

static void test_a_number_beside_an_exception_has_the_times_of_its_receipt(
    void **state)
{
    struct sent sent = send_one(*state);
    struct leavers_row other = room_leaver(2);

    MUST(db_begin(sent.room->db, err));
    other.id = room_add_leaver(sent.room, 2);
    MUST(leavers_mark_sent(sent.room->db, other.id, 1, sent.stream, 3, err));
    MUST(db_commit(sent.room->db, err));
    take(&sent, 3, 3, REASON_NOT_OURS);
    other = room_find_leaver(sent.room, 2);
    assert_int_equal(other.state, LEAVER_APPLIED);
    assert_int_equal(other.received_at.ms, 3000);
    assert_int_equal(other.applied_at.ms, 3000);
    assert_state(&sent, LEAVER_QUARANTINED, REASON_NOT_OURS);
    assert_int_equal(room_find_leaver(sent.room, 1).applied_at.ms, 0);
}

static void test_a_number_that_never_came_is_still_only_sent(void **state)
{
    struct sent sent = send_one(*state);

    put_at_hub(&sent, REASON_NONE);
    take(&sent, 3, 3, REASON_MISSING);
    assert_state(&sent, LEAVER_SENT, REASON_NONE);
}

static void test_counts_the_states(void **state)
{
    struct sent sent = send_one(*state);
    struct leavers_row row = room_leaver(5);
    uint64_t counts[16];

    MUST(db_begin(sent.room->db, err));
    room_add_leaver(sent.room, 2);
    room_add_leaver(sent.room, 3);
    MUST(leavers_next_id(sent.room->db, &row.id, err));
    row.blocked = true;
    MUST(leavers_put(sent.room->db, &row, err));
    MUST(db_commit(sent.room->db, err));
    MUST(leavers_count(sent.room->db, counts, err));
    for (int i = 0; i < 16; i++)
        assert_int_equal(counts[i], i == LEAVER_READY ? 2
                                    : i == LEAVER_DRAFT || i == LEAVER_QUEUED
                                        ? 1
                                        : 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGENT_TEST(test_the_state_follows_the_outbox),
        AGENT_TEST(test_a_recalled_leaver_stays_so_whatever_else_holds),
        AGENT_TEST(
            test_a_changed_leaver_is_ready_again_and_a_blocked_one_a_draft),
        AGENT_TEST(test_a_refused_batch_shows_as_rejected_with_the_reason),
        AGENT_TEST(test_an_exception_shows_as_quarantined_with_the_reason),
        AGENT_TEST(
            test_a_number_beside_an_exception_has_the_times_of_its_receipt),
        AGENT_TEST(test_a_number_that_never_came_is_still_only_sent),
        AGENT_TEST(test_counts_the_states),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
