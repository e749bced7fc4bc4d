#include "store_room.h"

#include "store/inbox.h"

#define AGENT_TEST(test)                                                       \
    cmocka_unit_test_setup_teardown(test, room_open_agent, room_close)

static const struct laestab PRIMARY = {"9361001"};
static const struct laestab OTHER = {"9361002"};

static struct quarantine_row aside(unsigned n)
{
    return (struct quarantine_row){.at = {(int64_t)n},
        .author = PRIMARY,
        .lane = LANE_NORMAL,
        .epoch = id_of(1),
        .envelope = id_of(n),
        .first = 3,
        .last = UINT64_MAX, /* as a hostile header may say */
        .reason = REASON_BAD_SIGNATURE,
        .detail = "detail",
        .header = bytes_of("header"),
        .sealed = bytes_of("sealed"),
        .size = 12};
}

static uint64_t count_aside(struct room *room)
{
    uint64_t count;

    MUST(inbox_quarantine_count(&count, room->db, err));
    return count;
}

static int see_aside(void *arg, const struct quarantine_row *row)
{
    char *seen = arg;

    assert_int_equal(row->sealed.len, 0);
    add_seen(seen, "%s/%d ", row->author.text, (int)row->reason);
    return 0;
}

static void test_what_is_put_aside_can_be_looked_at(void **state)
{
    struct room *room = *state;
    struct quarantine_row row = aside(1);
    struct quarantine_row got;
    char seen[SEEN_SIZE] = "";

    MUST(db_begin(room->db, err));
    MUST(inbox_quarantine_add(room->db, &row, err));
    MUST(inbox_quarantine_add(room->db, &row, err));
    row.reason = REASON_REPLAY;
    row.author = OTHER;
    MUST(inbox_quarantine_add(room->db, &row, err));
    MUST(db_commit(room->db, err));
    assert_int_equal(count_aside(room), 2);
    MUST(inbox_quarantine_each(room->db, see_aside, seen, err));
    assert_string_equal(seen, "9361002/11 9361001/8 ");
    MUST(inbox_quarantine_find(&got, room->db, 1, &room->arena, err));
    assert_int_equal(got.at.ms, 1);
    assert_string_equal(got.author.text, PRIMARY.text);
    assert_int_equal(got.lane, LANE_NORMAL);
    assert_int_equal(got.first, 3);
    assert_true(got.last == UINT64_MAX);
    assert_int_equal(got.reason, REASON_BAD_SIGNATURE);
    assert_string_equal(got.detail, "detail");
    assert_bytes(got.header, "header");
    assert_bytes(got.sealed, "sealed");
    assert_int_equal(got.size, 12);
    MUST(db_begin(room->db, err));
    MUST(inbox_quarantine_drop(room->db, 1, err));
    assert_int_equal(inbox_quarantine_drop(room->db, 1, NULL), ERR_NOT_FOUND);
    MUST(db_commit(room->db, err));
    assert_int_equal(count_aside(room), 1);
    assert_int_equal(
        inbox_quarantine_find(&got, room->db, 1, &room->arena, NULL),
        ERR_NOT_FOUND);
}

static void test_quarantine_keeps_bytes_within_their_limit(void **state)
{
    struct room *room = *state;
    const size_t mib = 1024 * 1024;
    SCOPED(mem_freep) uint8_t *big = mem_alloc(mib);
    struct quarantine_row got;

    MUST(db_begin(room->db, err));
    for (unsigned i = 1; i <= 66; i++) {
        struct quarantine_row row = aside(i);

        row.sealed = (struct bytes){big, mib};
        row.header.len = 0;
        MUST(inbox_quarantine_add(room->db, &row, err));
    }
    MUST(db_commit(room->db, err));
    assert_int_equal(count_aside(room), 66);
    MUST(inbox_quarantine_find(&got, room->db, 2, NULL, err));
    assert_int_equal(got.sealed.len, 0);
    assert_int_equal(got.size, 12);
    MUST(inbox_quarantine_find(&got, room->db, 3, &room->arena, err));
    assert_int_equal(got.sealed.len, mib);
}

/* Of the school that fills it: another's first letter stays, since a family is
 * not rung while it is there. */
static void test_quarantine_keeps_rows_within_their_limits(void **state)
{
    const int64_t last = INBOX_QUARANTINE_ROWS + 2;
    struct room *room = *state;
    struct quarantine_row row = aside(1);
    struct quarantine_row got;

    MUST(db_begin(room->db, err));
    row.author = OTHER;
    MUST(inbox_quarantine_add(room->db, &row, err));
    for (unsigned i = 2; i <= last; i++) {
        row = aside(i);
        MUST(inbox_quarantine_add(room->db, &row, err));
    }
    MUST(db_commit(room->db, err));
    assert_int_equal(count_aside(room), INBOX_QUARANTINE_ROWS);
    MUST(inbox_quarantine_find(&got, room->db, 1, &room->arena, err));
    assert_bytes(got.sealed, "sealed");
    MUST(inbox_quarantine_find(
        &got, room->db, last + 1 - INBOX_QUARANTINE_KEPT, &room->arena, err));
    assert_int_equal(got.sealed.len, 0);
    MUST(inbox_quarantine_find(
        &got, room->db, last + 2 - INBOX_QUARANTINE_KEPT, &room->arena, err));
    assert_bytes(got.sealed, "sealed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGENT_TEST(test_what_is_put_aside_can_be_looked_at),
        AGENT_TEST(test_quarantine_keeps_bytes_within_their_limit),
        AGENT_TEST(test_quarantine_keeps_rows_within_their_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
