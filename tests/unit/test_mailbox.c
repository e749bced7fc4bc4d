#include "store_room.h"

#include "store/mailbox.h"
#include "store/statement.h"

#define DAY INT64_C(86400000)

static const struct laestab PRIMARY = {"9361001"};
static const struct laestab OTHER = {"9361002"};
static const struct laestab SECONDARY = {"9364001"};

static struct mailbox_letter letter_of(
    const struct laestab *author, enum lane lane, unsigned n)
{
    return (struct mailbox_letter){.author = *author,
        .recipient = SECONDARY,
        .lane = lane,
        .envelope = id_of(n),
        .header = bytes_of("header"),
        .sealed = bytes_of("sealed"),
        .put_at = {1000 + (int64_t)n},
        .expires_at = {1000 + (int64_t)n + 120 * DAY}};
}

/* In a transaction of its own.  Returns the cursor; 0 if it was not fresh. */
static uint64_t put(struct room *room, struct mailbox_letter letter)
{
    bool fresh = false;

    MUST(db_begin(room->db, err));
    MUST(mailbox_put(room->db, &letter, &fresh, err));
    MUST(db_commit(room->db, err));
    return fresh ? letter.cursor : 0;
}

static void ack(struct room *room, uint64_t cursor)
{
    MUST(db_begin(room->db, err));
    MUST(mailbox_ack(room->db,
        &(struct mailbox_arrival){SECONDARY, cursor, {5000}, {4000}}, err));
    MUST(db_commit(room->db, err));
}

static int next(struct mailbox_letter *out, struct room *room, enum lane lane,
    uint64_t after)
{
    return mailbox_next(
        out, room->db, &SECONDARY, lane, after, &room->arena, NULL);
}

static void assert_use(struct room *room, const struct laestab *recipient,
    const struct laestab *author, const struct mailbox_use *want)
{
    struct mailbox_use use;

    mailbox_use(&use, room->db, recipient, author);
    assert_int_equal(use.letters, want->letters);
    assert_int_equal(use.bytes, want->bytes);
    assert_int_equal(use.oldest.ms, want->oldest.ms);
}

static void test_gives_letters_back_in_the_order_of_their_cursors(void **state)
{
    struct room *room = *state;
    const uint64_t first = put(room, letter_of(&PRIMARY, LANE_NORMAL, 1));
    const uint64_t second = put(room, letter_of(&OTHER, LANE_NORMAL, 1));
    struct mailbox_letter got;

    assert_true(first > 0 && second > first);
    assert_int_equal(next(&got, room, LANE_NORMAL, 0), 0);
    assert_int_equal(got.cursor, first);
    assert_string_equal(got.author.text, PRIMARY.text);
    assert_string_equal(got.recipient.text, SECONDARY.text);
    assert_bytes(got.header, "header");
    assert_bytes(got.sealed, "sealed");
    assert_int_equal(got.put_at.ms, 1001);
    assert_int_equal(got.expires_at.ms, 1001 + 120 * DAY);
    assert_int_equal(next(&got, room, LANE_NORMAL, first), 0);
    assert_int_equal(got.cursor, second);
    assert_int_equal(next(&got, room, LANE_NORMAL, second), ERR_NOT_FOUND);
    assert_int_equal(next(&got, room, LANE_URGENT, 0), ERR_NOT_FOUND);
    assert_int_equal(next(&got, room, LANE_NORMAL, UINT64_MAX), ERR_NOT_FOUND);
}

static void test_the_same_envelope_is_kept_once(void **state)
{
    struct room *room = *state;
    struct mailbox_letter letter = letter_of(&PRIMARY, LANE_NORMAL, 1);
    const uint64_t cursor = put(room, letter);
    bool fresh = true;

    MUST(db_begin(room->db, err));
    MUST(mailbox_put(room->db, &letter, &fresh, err));
    MUST(db_commit(room->db, err));
    assert_false(fresh);
    assert_int_equal(letter.cursor, cursor);
    assert_use(room, &SECONDARY, NULL, &(struct mailbox_use){1, 12, {1001}});
}

static void test_an_acknowledged_letter_is_remembered_without_bytes(
    void **state)
{
    struct room *room = *state;
    const uint64_t cursor = put(room, letter_of(&PRIMARY, LANE_NORMAL, 1));
    struct mailbox_letter got;

    ack(room, cursor);
    ack(room, cursor); /* once more: the answer was lost */
    assert_int_equal(next(&got, room, LANE_NORMAL, 0), ERR_NOT_FOUND);
    assert_int_equal(put(room, letter_of(&PRIMARY, LANE_NORMAL, 1)), 0);
    assert_int_equal(next(&got, room, LANE_NORMAL, 0), ERR_NOT_FOUND);
}

static void test_only_the_recipient_can_acknowledge(void **state)
{
    struct room *room = *state;
    const uint64_t cursor = put(room, letter_of(&PRIMARY, LANE_NORMAL, 1));
    struct mailbox_letter got;

    MUST(db_begin(room->db, err));
    MUST(mailbox_ack(room->db,
        &(struct mailbox_arrival){OTHER, cursor, {5000}, {4000}}, err));
    MUST(mailbox_ack(room->db,
        &(struct mailbox_arrival){SECONDARY, cursor + 7, {5000}, {4000}}, err));
    MUST(db_commit(room->db, err));
    assert_int_equal(next(&got, room, LANE_NORMAL, 0), 0);
}

static void test_a_cursor_is_never_used_twice(void **state)
{
    struct room *room = *state;
    const uint64_t first = put(room, letter_of(&PRIMARY, LANE_NORMAL, 1));

    MUST(db_begin(room->db, err));
    assert_int_equal(mailbox_expire(room->db, (wall){400 * DAY}, NULL), 1);
    MUST(db_commit(room->db, err));
    room_reopen(room);
    assert_true(put(room, letter_of(&PRIMARY, LANE_NORMAL, 1)) > first);
}

static void test_a_receipt_takes_the_place_of_older_ones(void **state)
{
    struct room *room = *state;
    const uint64_t old = put(room, letter_of(&PRIMARY, LANE_RECEIPT, 1));
    const uint64_t others = put(room, letter_of(&OTHER, LANE_RECEIPT, 2));
    const uint64_t newer = put(room, letter_of(&PRIMARY, LANE_RECEIPT, 3));
    struct mailbox_letter got;

    assert_int_equal(next(&got, room, LANE_RECEIPT, 0), 0);
    assert_int_equal(got.cursor, others);
    assert_int_equal(next(&got, room, LANE_RECEIPT, others), 0);
    assert_int_equal(got.cursor, newer);
    assert_true(old < others);
    /* the one that was replaced comes again: it must not win now */
    assert_int_equal(put(room, letter_of(&PRIMARY, LANE_RECEIPT, 1)), 0);
    assert_use(room, NULL, NULL, &(struct mailbox_use){2, 24, {1002}});
}

static void test_letters_of_the_other_lanes_are_not_replaced(void **state)
{
    struct room *room = *state;

    put(room, letter_of(&PRIMARY, LANE_NORMAL, 1));
    put(room, letter_of(&PRIMARY, LANE_NORMAL, 2));
    put(room, letter_of(&PRIMARY, LANE_URGENT, 3));
    assert_use(room, NULL, &PRIMARY, &(struct mailbox_use){3, 36, {1001}});
}

static void test_use_follows_put_ack_and_expiry(void **state)
{
    struct room *room = *state;
    const uint64_t first = put(room, letter_of(&PRIMARY, LANE_NORMAL, 1));

    put(room, letter_of(&PRIMARY, LANE_NORMAL, 2));
    put(room, letter_of(&OTHER, LANE_NORMAL, 3));
    assert_use(room, &SECONDARY, NULL, &(struct mailbox_use){3, 36, {1001}});
    ack(room, first);
    assert_use(room, &SECONDARY, NULL, &(struct mailbox_use){2, 24, {1002}});
    assert_use(room, NULL, &PRIMARY, &(struct mailbox_use){1, 12, {1002}});
    assert_use(room, NULL, &OTHER, &(struct mailbox_use){1, 12, {1003}});
    assert_use(room, NULL, NULL, &(struct mailbox_use){2, 24, {1002}});
    MUST(db_begin(room->db, err));
    assert_int_equal(
        mailbox_expire(room->db, (wall){1002 + 120 * DAY}, NULL), 1);
    MUST(db_commit(room->db, err));
    assert_use(room, NULL, &PRIMARY, &(struct mailbox_use){0, 0, {0}});
    assert_use(room, NULL, NULL, &(struct mailbox_use){1, 12, {1003}});
}

static void test_use_is_right_after_a_rollback_and_a_restart(void **state)
{
    struct room *room = *state;
    const uint64_t first = put(room, letter_of(&PRIMARY, LANE_NORMAL, 1));
    const struct mailbox_use one = {1, 12, {1001}};
    struct mailbox_letter letter = letter_of(&OTHER, LANE_NORMAL, 2);
    bool fresh;

    MUST(db_begin(room->db, err));
    MUST(mailbox_put(room->db, &letter, &fresh, err));
    MUST(mailbox_ack(room->db,
        &(struct mailbox_arrival){SECONDARY, first, {5000}, {4000}}, err));
    assert_use(room, NULL, NULL, &(struct mailbox_use){1, 12, {1002}});
    db_rollback(room->db);
    assert_use(room, NULL, NULL, &one);
    assert_use(room, NULL, &OTHER, &(struct mailbox_use){0, 0, {0}});
    room_reopen(room);
    assert_use(room, NULL, &PRIMARY, &one);
}

static void test_use_counts_more_schools_than_its_table_began_with(void **state)
{
    struct room *room = *state;
    struct mailbox_letter letter = letter_of(&PRIMARY, LANE_NORMAL, 1);
    bool fresh;

    MUST(db_begin(room->db, err));
    for (unsigned i = 0; i < 500; i++) {
        snprintf(letter.author.text, LAESTAB_SIZE, "%07u", 9370000 + i);
        for (unsigned j = 0; j <= i % 3; j++) {
            letter.envelope = id_of(10 * i + j);
            MUST(mailbox_put(room->db, &letter, &fresh, err));
        }
    }
    MUST(db_commit(room->db, err));
    for (unsigned i = 0; i < 500; i++) {
        snprintf(letter.author.text, LAESTAB_SIZE, "%07u", 9370000 + i);
        assert_use(room, NULL, &letter.author,
            &(struct mailbox_use){i % 3 + 1, 12 * (i % 3 + 1), {1001}});
    }
}

static int64_t count_names(struct room *room, const struct laestab *author)
{
    SCOPED(statement_end)
    struct statement st = statement_start(room->db,
        "SELECT count(*) FROM letters WHERE size = 0 AND author = ?1");

    statement_put_school(&st, author);
    assert_int_equal(statement_step(&st, NULL), 1);
    return statement_get_int(&st);
}

static void test_names_are_forgotten_after_their_time(void **state)
{
    struct room *room = *state;

    ack(room, put(room, letter_of(&PRIMARY, LANE_NORMAL, 1)));
    MUST(db_begin(room->db, err));
    assert_int_equal(mailbox_expire(room->db, (wall){199 * DAY}, NULL), 0);
    MUST(db_commit(room->db, err));
    assert_int_equal(put(room, letter_of(&PRIMARY, LANE_NORMAL, 1)), 0);
    MUST(db_begin(room->db, err));
    assert_int_equal(mailbox_expire(room->db, (wall){201 * DAY}, NULL), 0);
    MUST(db_commit(room->db, err));
    assert_true(put(room, letter_of(&PRIMARY, LANE_NORMAL, 1)) > 0);
}

/* Each took the place of the one before it, so no quota stood in the way. */
static void test_a_flood_leaves_no_more_names_than_are_kept(void **state)
{
    struct room *room = *state;

    put(room, letter_of(&OTHER, LANE_RECEIPT, 1));
    put(room, letter_of(&OTHER, LANE_RECEIPT, 2));
    MUST(db_begin(room->db, err));
    MUST(statement_exec(room->db,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        "  WHERE i < 100500)"
        " INSERT INTO letters (author, recipient, lane, envelope, put_at,"
        "  expires_at, size, header, sealed)"
        " SELECT '9361001', '9364001', 3, randomblob(16), 1000, 2000, 0, x'',"
        "  x'' FROM n",
        err));
    MUST(db_commit(room->db, err));
    MUST(db_begin(room->db, err));
    assert_int_equal(mailbox_expire(room->db, (wall){1500}, NULL), 0);
    MUST(db_commit(room->db, err));
    assert_int_equal(count_names(room, &PRIMARY), MAILBOX_NAMES);
    assert_int_equal(count_names(room, &OTHER), 1);
}

static void test_expires_more_letters_than_it_reads_at_once(void **state)
{
    struct room *room = *state;
    bool fresh;

    MUST(db_begin(room->db, err));
    for (unsigned i = 0; i < 700; i++) {
        struct mailbox_letter letter = letter_of(&PRIMARY, LANE_NORMAL, i);

        MUST(mailbox_put(room->db, &letter, &fresh, err));
    }
    assert_int_equal(mailbox_expire(room->db, (wall){300 * DAY}, NULL), 700);
    MUST(db_commit(room->db, err));
    assert_use(room, NULL, NULL, &(struct mailbox_use){0, 0, {0}});
}

static void test_refuses_a_letter_without_bytes(void **state)
{
    struct room *room = *state;
    struct mailbox_letter letter = letter_of(&PRIMARY, LANE_NORMAL, 1);
    bool fresh;

    letter.header.len = 0;
    letter.sealed.len = 0;
    MUST(db_begin(room->db, err));
    assert_int_equal(mailbox_put(room->db, &letter, &fresh, NULL), ERR_USAGE);
    db_rollback(room->db);
}

static void test_keeps_its_name_for_ever(void **state)
{
    struct room *room = *state;
    struct id before, after;

    MUST(mailbox_id(&before, room->db, err));
    assert_false(id_is_zero(&before));
    room_reopen(room);
    MUST(mailbox_id(&after, room->db, err));
    assert_true(id_equal(&before, &after));
}

/* Also if the hub's clock went back meanwhile. */
static void test_keeps_the_last_report_of_each_school(void **state)
{
    const struct laestab nobody = {"9369999"};
    struct mailbox_report found;
    struct room *room = *state;

    MUST(db_begin(room->db, err));
    MUST(
        mailbox_put_report(room->db, &PRIMARY, bytes_of("b"), (wall){20}, err));
    MUST(
        mailbox_put_report(room->db, &PRIMARY, bytes_of("a"), (wall){10}, err));
    MUST(mailbox_put_report(
        room->db, &SECONDARY, bytes_of("c"), (wall){30}, err));
    MUST(db_commit(room->db, err));
    MUST(mailbox_find_report(&found, room->db, &PRIMARY, &room->arena, err));
    assert_int_equal(found.at.ms, 10);
    assert_memory_equal(found.report.data, "a", 1);
    assert_int_equal(
        mailbox_find_report(&found, room->db, &nobody, &room->arena, NULL),
        ERR_NOT_FOUND);
}

#define HUB_TEST(test)                                                         \
    cmocka_unit_test_setup_teardown(test, room_open_hub, room_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HUB_TEST(test_gives_letters_back_in_the_order_of_their_cursors),
        HUB_TEST(test_the_same_envelope_is_kept_once),
        HUB_TEST(test_an_acknowledged_letter_is_remembered_without_bytes),
        HUB_TEST(test_only_the_recipient_can_acknowledge),
        HUB_TEST(test_a_cursor_is_never_used_twice),
        HUB_TEST(test_a_receipt_takes_the_place_of_older_ones),
        HUB_TEST(test_letters_of_the_other_lanes_are_not_replaced),
        HUB_TEST(test_use_follows_put_ack_and_expiry),
        HUB_TEST(test_use_is_right_after_a_rollback_and_a_restart),
        HUB_TEST(test_use_counts_more_schools_than_its_table_began_with),
        HUB_TEST(test_names_are_forgotten_after_their_time),
        HUB_TEST(test_a_flood_leaves_no_more_names_than_are_kept),
        HUB_TEST(test_expires_more_letters_than_it_reads_at_once),
        HUB_TEST(test_refuses_a_letter_without_bytes),
        HUB_TEST(test_keeps_its_name_for_ever),
        HUB_TEST(test_keeps_the_last_report_of_each_school),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
