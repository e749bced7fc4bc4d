#include "store_room.h"

#include "store/leavers.h"

#define AGENT_TEST(test)                                                       \
    cmocka_unit_test_setup_teardown(test, room_open_agent, room_close)

static const struct laestab HERE = {"9364001"};
static const struct laestab THERE = {"9364002"};

static void test_finds_a_leaver_as_it_was_put(void **state)
{
    struct room *room = *state;
    struct leavers_row row = room_leaver(1);
    struct leavers_row got;

    row.revision = 7;
    row.read_revision = 6;
    row.read_at = (wall){600};
    snprintf(row.read_role, sizeof row.read_role, "SENCO");
    MUST(db_begin(room->db, err));
    MUST(leavers_next_id(room->db, &row.id, err));
    MUST(leavers_put(room->db, &row, err));
    MUST(db_commit(room->db, err));
    room_reopen(room);
    got = room_find_leaver(room, 1);
    assert_int_equal(got.id, row.id);
    assert_memory_equal(&got.tag, &row.tag, sizeof got.tag);
    assert_string_equal(got.destination.text, HERE.text);
    assert_int_equal(got.revision, 7);
    assert_false(got.blocked);
    assert_memory_equal(&got.sent_as, &row.sent_as, sizeof got.sent_as);
    assert_bytes(got.sealed, "sealed");
    assert_int_equal(got.changed_at.ms, 100);
    assert_int_equal(got.read_revision, 6);
    assert_int_equal(got.read_at.ms, 600);
    assert_string_equal(got.read_role, "SENCO");
    assert_int_equal(got.state, LEAVER_READY);
}

static void test_a_put_replaces_the_row_of_that_id_also_its_tag(void **state)
{
    struct room *room = *state;
    struct leavers_row row = room_leaver(1);
    struct leavers_row got;
    const struct tag old = tag_of(1);

    MUST(db_begin(room->db, err));
    row.id = room_add_leaver(room, 1);
    row.tag = tag_of(2); /* the UPN was corrected */
    row.revision = 2;
    row.destination = THERE;
    MUST(leavers_put(room->db, &row, err));
    MUST(db_commit(room->db, err));
    assert_int_equal(
        leavers_find(&got, room->db, &old, NULL, NULL), ERR_NOT_FOUND);
    got = room_find_leaver(room, 2);
    assert_int_equal(got.id, row.id);
    assert_int_equal(got.revision, 2);
    assert_string_equal(got.destination.text, THERE.text);
}

static void test_two_rows_cannot_have_one_tag(void **state)
{
    struct room *room = *state;
    struct leavers_row row = room_leaver(1);

    MUST(db_begin(room->db, err));
    room_add_leaver(room, 1);
    MUST(leavers_next_id(room->db, &row.id, err));
    assert_int_equal(leavers_put(room->db, &row, NULL), ERR_EXISTS);
    db_rollback(room->db);
}

static void test_an_id_is_not_handed_out_twice(void **state)
{
    struct room *room = *state;
    int64_t lost, first, second;

    MUST(db_begin(room->db, err));
    lost = room_add_leaver(room, 1);
    db_rollback(room->db);
    MUST(db_begin(room->db, err));
    first = room_add_leaver(room, 1);
    second = room_add_leaver(room, 2);
    MUST(db_commit(room->db, err));
    assert_true(lost > 0 && first > lost && second > first);
    room_reopen(room);
    MUST(db_begin(room->db, err));
    assert_true(room_add_leaver(room, 3) > second);
    db_rollback(room->db);
}

static int see(void *arg, const struct leavers_row *row)
{
    char *seen = arg;

    add_seen(
        seen, "%d:%s ", (int)row->id, row->sealed.len > 0 ? "sealed" : "-");
    return row->id == 4 ? 44 : 0;
}

static void test_each_goes_in_order_and_stops_when_told(void **state)
{
    struct room *room = *state;
    struct leavers_row row = room_leaver(9);
    char seen[SEEN_SIZE] = "";

    MUST(db_begin(room->db, err));
    room_add_leaver(room, 1);
    room_add_leaver(room, 2);
    row.id = 3;
    row.destination = THERE;
    MUST(leavers_put(room->db, &row, err));
    MUST(db_commit(room->db, err));
    MUST(leavers_each(room->db, NULL, true, see, seen, err));
    assert_string_equal(seen, "1:sealed 2:sealed 3:sealed ");
    seen[0] = '\0';
    MUST(leavers_each(room->db, &HERE, false, see, seen, err));
    assert_string_equal(seen, "1:- 2:- ");
    seen[0] = '\0';
    MUST(leavers_each_between(room->db, 2, 3, see, seen, err));
    assert_string_equal(seen, "2:sealed 3:sealed ");
    MUST(db_begin(room->db, err));
    row.id = 4;
    row.tag = tag_of(10);
    MUST(leavers_put(room->db, &row, err));
    row.id = 5;
    row.tag = tag_of(11);
    MUST(leavers_put(room->db, &row, err));
    MUST(db_commit(room->db, err));
    seen[0] = '\0';
    assert_int_equal(leavers_each(room->db, &THERE, true, see, seen, NULL), 44);
    assert_string_equal(seen, "3:sealed 4:sealed ");
}

static int see_within(void *arg, const struct leavers_row *row)
{
    struct room *room = arg;
    char seen[SEEN_SIZE] = "";

    (void)row;
    MUST(leavers_each(room->db, NULL, false, see, seen, err));
    assert_string_equal(seen, "1:- 2:- ");
    return 0;
}

static void test_a_visit_may_list_again(void **state)
{
    struct room *room = *state;

    MUST(db_begin(room->db, err));
    room_add_leaver(room, 1);
    room_add_leaver(room, 2);
    MUST(db_commit(room->db, err));
    MUST(leavers_each(room->db, NULL, false, see_within, room, err));
}

static void test_an_older_reading_does_not_replace_a_newer(void **state)
{
    struct room *room = *state;
    const struct tag tag = tag_of(1);
    const struct tag unknown = tag_of(2);
    struct leavers_row got;

    MUST(db_begin(room->db, err));
    room_add_leaver(room, 1);
    MUST(leavers_mark_read(room->db, &tag, &HERE, 2, "DSL", (wall){20}, err));
    MUST(leavers_mark_read(room->db, &tag, &HERE, 1, "LEAD", (wall){30}, err));
    MUST(leavers_mark_read(room->db, &tag, &HERE, 2, "LEAD", (wall){40}, err));
    MUST(leavers_mark_read(
        room->db, &unknown, &HERE, 1, "LEAD", (wall){1}, err));
    MUST(db_commit(room->db, err));
    got = room_find_leaver(room, 1);
    assert_int_equal(got.read_revision, 2);
    assert_int_equal(got.read_at.ms, 20);
    assert_string_equal(got.read_role, "DSL");
}

static void test_only_its_destination_can_say_that_a_record_was_read(
    void **state)
{
    struct room *room = *state;
    const struct tag tag = tag_of(1);

    MUST(db_begin(room->db, err));
    room_add_leaver(room, 1);
    MUST(leavers_mark_read(room->db, &tag, &THERE, 9, "DSL", (wall){20}, err));
    MUST(db_commit(room->db, err));
    assert_int_equal(room_find_leaver(room, 1).read_revision, 0);
}

static void test_marking_an_unknown_leaver_sent_is_an_error(void **state)
{
    struct room *room = *state;

    MUST(db_begin(room->db, err));
    assert_int_equal(
        leavers_mark_sent(room->db, 7, 1, 1, 1, NULL), ERR_NOT_FOUND);
    db_rollback(room->db);
}

static int see_sent(void *arg, const struct leavers_row *row)
{
    char *seen = arg;

    add_seen(seen, "%d:%d/%d ", (int)row->id, (int)row->seq,
        (int)row->sent_revision);
    return 0;
}

static void test_those_that_follow_each_other_are_marked_at_once(void **state)
{
    struct room *room = *state;
    const struct leavers_range all = {5, 1, 99};
    struct leavers_row row = room_leaver(3);
    char seen[SEEN_SIZE] = "";

    MUST(db_begin(room->db, err));
    room_add_leaver(room, 1);
    room_add_leaver(room, 2);
    MUST(leavers_next_id(room->db, &row.id, err));
    row.revision = 8;
    MUST(leavers_put(room->db, &row, err));
    room_add_leaver(room, 4);
    MUST(leavers_mark_sent(room->db, 2, 2, 5, 30, err));
    MUST(leavers_each_sent(room->db, &all, see_sent, seen, err));
    assert_string_equal(seen, "2:30/1 3:31/8 ");
    assert_int_equal(
        leavers_mark_sent(room->db, 3, 3, 5, 40, NULL), ERR_NOT_FOUND);
    db_rollback(room->db);
}

static void test_state_names_are_those_of_the_command_line(void **state)
{
    (void)state;
    for (int i = LEAVER_DRAFT; i <= LEAVER_SUPERSEDED; i++)
        assert_int_equal(
            leavers_state_parse(leavers_state_name((enum leaver_state)i)), i);
    assert_int_equal(leavers_state_parse("applied"), LEAVER_APPLIED);
    assert_int_equal(leavers_state_parse("Applied"), 0);
    assert_int_equal(leavers_state_parse(""), 0);
}

static int see_held(void *arg, const struct held_row *row)
{
    char *seen = arg;

    add_seen(seen, "%d %s %d %.*s;", (int)row->id, row->destination.text,
        (int)row->at.ms, (int)row->sealed.len, (const char *)row->sealed.data);
    return 0;
}

static void hold(
    struct room *room, struct laestab destination, const char *note)
{
    struct held_row row = {
        .destination = destination, .sealed = bytes_of(note), .at = {5}};

    MUST(leavers_held_next_id(room->db, &row.id, err));
    MUST(leavers_held_add(room->db, &row, err));
}

static void test_held_notes_go_when_the_file_comes_again(void **state)
{
    struct room *room = *state;
    char seen[SEEN_SIZE] = "";

    MUST(db_begin(room->db, err));
    hold(room, HERE, "a");
    hold(room, THERE, "b");
    MUST(leavers_held_clear(room->db, &HERE, err));
    hold(room, HERE, "c");
    MUST(db_commit(room->db, err));
    MUST(leavers_held_each(room->db, see_held, seen, err));
    assert_string_equal(seen, "2 9364002 5 b;3 9364001 5 c;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGENT_TEST(test_finds_a_leaver_as_it_was_put),
        AGENT_TEST(test_a_put_replaces_the_row_of_that_id_also_its_tag),
        AGENT_TEST(test_two_rows_cannot_have_one_tag),
        AGENT_TEST(test_an_id_is_not_handed_out_twice),
        AGENT_TEST(test_each_goes_in_order_and_stops_when_told),
        AGENT_TEST(test_a_visit_may_list_again),
        AGENT_TEST(test_an_older_reading_does_not_replace_a_newer),
        AGENT_TEST(test_only_its_destination_can_say_that_a_record_was_read),
        AGENT_TEST(test_marking_an_unknown_leaver_sent_is_an_error),
        AGENT_TEST(test_those_that_follow_each_other_are_marked_at_once),
        AGENT_TEST(test_state_names_are_those_of_the_command_line),
        AGENT_TEST(test_held_notes_go_when_the_file_comes_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
