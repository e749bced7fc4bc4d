#include "store_room.h"

#include "store/inbox.h"
#include "store/statement.h"

#define AGENT_TEST(test)                                                       \
    cmocka_unit_test_setup_teardown(test, room_open_agent, room_close)

static const struct laestab PRIMARY = {"9361001"};

static struct inbox_stream stream_at(
    struct room *room, unsigned epoch, bool *epoch_seen)
{
    const struct id id = id_of(epoch);
    struct inbox_stream stream;

    MUST(inbox_stream(
        &stream, epoch_seen, room->db, &PRIMARY, LANE_NORMAL, &id, err));
    return stream;
}

static void put_stream(struct room *room, struct inbox_stream *stream)
{
    MUST(db_begin(room->db, err));
    MUST(inbox_put_stream(room->db, stream, err));
    MUST(db_commit(room->db, err));
}

static void test_a_stream_begins_with_an_empty_intake(void **state)
{
    bool seen = true;
    const struct inbox_stream stream = stream_at(*state, 1, &seen);

    assert_int_equal(stream.id, 0);
    assert_string_equal(stream.author.text, PRIMARY.text);
    assert_int_equal(stream.lane, LANE_NORMAL);
    assert_true(id_is_zero(&stream.intake.epoch));
    assert_int_equal(stream.intake.high, 0);
    assert_int_equal(stream.intake.hole_count, 0);
    assert_false(seen);
}

static void test_an_intake_comes_back_as_it_was_put(void **state)
{
    struct room *room = *state;
    bool seen;
    struct inbox_stream stream = stream_at(room, 1, &seen);
    struct inbox_stream got;

    stream.intake.epoch = id_of(1);
    stream.intake.high = UINT64_C(1) << 40;
    stream.intake.head = digest_of(7);
    stream.intake.hole_count = INTAKE_MAX_HOLES;
    for (unsigned i = 0; i < INTAKE_MAX_HOLES; i++)
        stream.intake.holes[i] =
            (struct intake_hole){UINT64_C(1) + 10 * i, UINT64_C(5) + 10 * i,
                i % 2 == 0 ? REASON_MISSING : REASON_BAD_SIGNATURE};
    stream.heard_at = (wall){500};
    put_stream(room, &stream);
    assert_true(stream.id > 0);
    room_reopen(room);
    got = stream_at(room, 1, &seen);
    assert_int_equal(got.id, stream.id);
    assert_int_equal(got.heard_at.ms, 500);
    assert_true(id_equal(&got.intake.epoch, &stream.intake.epoch));
    assert_int_equal(got.intake.high, stream.intake.high);
    assert_memory_equal(&got.intake.head, &stream.intake.head, DIGEST_SIZE);
    assert_int_equal(got.intake.hole_count, INTAKE_MAX_HOLES);
    for (unsigned i = 0; i < INTAKE_MAX_HOLES; i++) {
        assert_int_equal(got.intake.holes[i].first, 1 + 10 * i);
        assert_int_equal(got.intake.holes[i].last, 5 + 10 * i);
        assert_int_equal(
            got.intake.holes[i].reason, stream.intake.holes[i].reason);
    }
    got.intake.hole_count = 0;
    put_stream(room, &got);
    assert_int_equal(stream_at(room, 1, &seen).intake.hole_count, 0);
}

static int count_stream(void *arg, const struct inbox_stream *stream)
{
    int *count = arg;

    assert_int_equal(stream->intake.epoch.bytes[0], 2);
    (*count)++;
    return 0;
}

static void test_an_epoch_that_was_left_is_closed_for_ever(void **state)
{
    struct room *room = *state;
    bool seen;
    struct inbox_stream stream = stream_at(room, 1, &seen);
    int count = 0;

    stream.intake.epoch = id_of(1);
    stream.intake.high = 9;
    put_stream(room, &stream);
    stream.intake.epoch = id_of(2);
    stream.intake.high = 1;
    put_stream(room, &stream);
    assert_int_equal(stream_at(room, 2, &seen).intake.high, 1);
    assert_false(seen);
    assert_int_equal(stream_at(room, 1, &seen).intake.high, 1);
    assert_true(seen);
    (void)stream_at(room, 3, &seen);
    assert_false(seen);
    MUST(inbox_each_stream(room->db, count_stream, &count, err));
    assert_int_equal(count, 1);
    stream.intake.epoch = id_of(1);
    MUST(db_begin(room->db, err));
    assert_int_equal(inbox_put_stream(room->db, &stream, NULL), ERR_EXISTS);
    db_rollback(room->db);
    (void)stream_at(room, 1, &seen);
    assert_true(seen);
}

static struct inbox_record find(struct room *room, unsigned n)
{
    const struct tag tag = tag_of(n);
    struct inbox_record record;

    MUST(inbox_find_record(&record, room->db, &tag, &room->arena, err));
    return record;
}

/* Each is kept for ever, so a school must not open them without end. */
static void test_no_more_epochs_are_taken_than_a_school_needs(void **state)
{
    struct room *room = *state;
    struct inbox_stream stream;
    bool seen;

    MUST(db_begin(room->db, err));
    MUST(statement_exec(room->db,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        "  WHERE i < 4999)"
        " INSERT INTO streams_in (author, lane, epoch, current, high, head,"
        "  heard_at, holes)"
        " SELECT '9361001', 2, randomblob(16), 0, 1, zeroblob(32), 0, x''"
        " FROM n",
        err));
    stream = stream_at(room, 7, &seen);
    assert_false(seen);
    stream.intake.epoch = id_of(7);
    MUST(inbox_put_stream(room->db, &stream, err));
    (void)stream_at(room, 7, &seen);
    assert_false(seen); /* the one that is open goes on */
    (void)stream_at(room, 8, &seen);
    assert_true(seen);
    db_rollback(room->db);
}

static void test_a_record_is_replaced_by_id(void **state)
{
    struct room *room = *state;
    const struct tag unknown = tag_of(9);
    struct inbox_record record;

    MUST(db_begin(room->db, err));
    room_add_record(room, 1, 5);
    MUST(db_commit(room->db, err));
    record = find(room, 1);
    assert_bytes(record.sealed, "sealed");
    assert_string_equal(record.author.text, PRIMARY.text);
    assert_int_equal(record.family, 5);
    record.tag = tag_of(2); /* a temporary UPN was replaced */
    record.revision = 2;
    record.family = 6;
    record.changed_at = (wall){200};
    record.sealed = bytes_of("sealed again");
    MUST(db_begin(room->db, err));
    MUST(inbox_put_record(room->db, &record, err));
    MUST(db_commit(room->db, err));
    record = find(room, 2);
    assert_int_equal(record.revision, 2);
    assert_int_equal(record.family, 6);
    assert_int_equal(record.applied_at.ms, 100);
    assert_int_equal(record.changed_at.ms, 200);
    assert_bytes(record.sealed, "sealed again");
    assert_int_equal(inbox_find_record(&record, room->db, &unknown, NULL, NULL),
        ERR_NOT_FOUND);
}

static void test_two_records_cannot_have_one_tag(void **state)
{
    struct room *room = *state;
    struct inbox_record record = {
        .tag = tag_of(1), .sealed = bytes_of("other")};

    MUST(db_begin(room->db, err));
    room_add_record(room, 1, 5);
    MUST(inbox_next_record_id(room->db, &record.id, err));
    assert_int_equal(inbox_put_record(room->db, &record, NULL), ERR_EXISTS);
    assert_bytes(find(room, 1).sealed, "sealed");
    db_rollback(room->db);
}

static void test_a_record_id_is_not_handed_out_twice(void **state)
{
    struct room *room = *state;
    int64_t lost, kept, next;

    MUST(db_begin(room->db, err));
    lost = room_add_record(room, 1, 1);
    db_rollback(room->db);
    MUST(db_begin(room->db, err));
    kept = room_add_record(room, 1, 1);
    MUST(db_commit(room->db, err));
    assert_true(kept > lost);
    room_reopen(room);
    MUST(inbox_next_record_id(room->db, &next, err));
    assert_true(next > kept);
}

static void test_keeps_who_read_the_highest_revision_first(void **state)
{
    struct room *room = *state;
    struct inbox_record record;
    int64_t id;

    MUST(db_begin(room->db, err));
    id = room_add_record(room, 1, 1);
    MUST(inbox_mark_read(room->db, id, 2, "DSL", "amina", (wall){20}, err));
    MUST(inbox_mark_read(room->db, id, 2, "LEAD", "bob", (wall){30}, err));
    MUST(inbox_mark_read(room->db, id, 1, "LEAD", "bob", (wall){40}, err));
    assert_int_equal(
        inbox_mark_read(room->db, id + 1, 1, "LEAD", "bob", (wall){40}, NULL),
        ERR_NOT_FOUND);
    MUST(db_commit(room->db, err));
    record = find(room, 1);
    assert_int_equal(record.read_revision, 2);
    assert_int_equal(record.read_at.ms, 20);
    assert_string_equal(record.read_role, "DSL");
    assert_string_equal(record.read_by, "amina");
}

static int see_record(void *arg, const struct inbox_record *record)
{
    char *seen = arg;

    add_seen(seen, "%d/%d ", (int)record->family, (int)record->id);
    return record->id == 99 ? 1 : 0;
}

static void test_lists_records_by_family(void **state)
{
    struct room *room = *state;
    char seen[SEEN_SIZE] = "";

    MUST(db_begin(room->db, err));
    room_add_record(room, 1, 8);
    room_add_record(room, 2, 7);
    room_add_record(room, 3, 8);
    MUST(db_commit(room->db, err));
    MUST(inbox_each_record(room->db, 0, see_record, seen, err));
    assert_string_equal(seen, "7/2 8/1 8/3 ");
    seen[0] = '\0';
    MUST(inbox_each_record(room->db, 8, see_record, seen, err));
    assert_string_equal(seen, "8/1 8/3 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGENT_TEST(test_a_stream_begins_with_an_empty_intake),
        AGENT_TEST(test_an_intake_comes_back_as_it_was_put),
        AGENT_TEST(test_an_epoch_that_was_left_is_closed_for_ever),
        AGENT_TEST(test_no_more_epochs_are_taken_than_a_school_needs),
        AGENT_TEST(test_a_record_is_replaced_by_id),
        AGENT_TEST(test_two_records_cannot_have_one_tag),
        AGENT_TEST(test_a_record_id_is_not_handed_out_twice),
        AGENT_TEST(test_keeps_who_read_the_highest_revision_first),
        AGENT_TEST(test_lists_records_by_family),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
