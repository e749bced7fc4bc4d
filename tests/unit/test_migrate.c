#include "store_room.h"

#include "store/ending.h"
#include "store/handle.h"
#include "store/heard.h"
#include "store/inbox.h"
#include "store/leavers.h"
#include "store/outbox.h"
#include "store/schema.h"
#include "store/statement.h"
#include "store/told.h"
#include "store/tombstones.h"
#include "unput.h"

/* Version 1 knew no recalls. */
static void test_leavers_of_version_1_are_not_recalled(void **state)
{
    static const char rows[] =
        "INSERT INTO leavers VALUES (5, zeroblob(16), '9364001', 2, 0,"
        " zeroblob(16), 100, 3, 9, 2, 1, 70, 'DSL', CAST('s' AS BLOB));"
        "INSERT INTO records VALUES (6, zeroblob(16), '9364001', 4, 1, 10, 11,"
        " 0, 0, '', '', CAST('sealed' AS BLOB));"
        "INSERT INTO audit (at, login, action, family, detail)"
        " VALUES (1, 'jl', 'list', 0, '');";
    struct room *room = *state;
    struct handle_plan old = *schema_plan(DB_AGENT);
    const struct tag tag = {{0}};
    struct leavers_row leaver;
    struct inbox_record record;
    struct tombstone none;

    old.count = 1;
    db_close(TAKE(room->db));
    assert_int_equal(unlink(room->path), 0);
    MUST(db_open_plan(&room->db, room->path, &old, err));
    MUST(statement_exec(room->db, rows, err));
    room_reopen(room);
    MUST(leavers_find(&leaver, room->db, &tag, &room->arena, err));
    assert_int_equal(leaver.id, 5);
    assert_int_equal(leaver.revision, 2);
    assert_int_equal(leaver.seq, 9);
    assert_string_equal(leaver.read_role, "DSL");
    assert_int_equal(leaver.recalled_at.ms, 0);
    assert_false(leaver.typed);
    assert_bytes(leaver.sealed, "s");
    MUST(inbox_find_record(&record, room->db, &tag, &room->arena, err));
    assert_int_equal(record.revision, 4);
    assert_bytes(record.sealed, "sealed");
    assert_int_equal(
        tombstones_find(&none, room->db, &record.author, &tag, NULL),
        ERR_NOT_FOUND);
    MUST(db_check(room->db, err));
}

/* Version 3 gave the sealed letters a table of their own. */
static void test_a_letter_that_waits_outlives_the_change_of_tables(void **state)
{
    static const char rows[] =
        "INSERT INTO batches (id, stream, lane, envelope, first, last, content,"
        " created_at, put_at, received_at, applied_at, refused, answered,"
        " header, sealed) VALUES"
        " (1, 1, 2, zeroblob(16), 1, 1, zeroblob(32), 7, 7, 7, 7, 0, 1, "
        "CAST('h' AS BLOB),"
        "  x''),"
        " (2, 1, 2, randomblob(16), 2, 2, zeroblob(32), 8, 0, 0, 0, 0, 0,"
        "  CAST('header' AS BLOB), CAST('sealed' AS BLOB))";
    struct room *room = *state;
    struct handle_plan old = *schema_plan(DB_AGENT);
    struct outbox_batch batch;

    old.count = 2;
    db_close(TAKE(room->db));
    assert_int_equal(unlink(room->path), 0);
    MUST(db_open_plan(&room->db, room->path, &old, err));
    MUST(statement_exec(room->db, rows, err));
    room_reopen(room);
    assert_int_equal(
        MUST(unput_batches(&batch, 1, room->db, &room->arena, err)), 1);
    assert_int_equal(batch.id, 2);
    assert_bytes(batch.header, "header");
    assert_bytes(batch.sealed, "sealed");
}

/* Version 10 kept how a family is, and what hubs said, with fewer words. */
static void test_what_others_told_outlives_new_words_for_it(void **state)
{
    static const char rows[] =
        "INSERT INTO heard (leaver, school, state, day, at, tutor) VALUES"
        " (5, '8734500', 3, 20000, 70, CAST('name' AS BLOB));"
        "INSERT INTO told (record, state, day, tutor) VALUES (6, 3, 20000, 9);"
        "INSERT INTO batches (id, stream, lane, envelope, first, last, content,"
        " created_at, put_at, received_at, applied_at, refused, answered,"
        " header) VALUES (1, 1, 2, zeroblob(16), 4, 4, zeroblob(32), 7, 7, 0, "
        "0,"
        "  49, 0, CAST('h' AS BLOB));"
        "INSERT INTO endings (stream, first, reason, hub, at)"
        " VALUES (1, 4, 49, 'tcp://hub.example.org:7700', 80);"
        "INSERT INTO cursors (hub, lane, cursor) VALUES (zeroblob(16), 2, 7);";
    const struct laestab school = {"8734500"};
    struct room *room = *state;
    struct handle_plan old = *schema_plan(DB_AGENT);
    struct ending ending;
    struct heard heard;
    struct told told;

    old.count = 10;
    db_close(TAKE(room->db));
    assert_int_equal(unlink(room->path), 0);
    MUST(db_open_plan(&room->db, room->path, &old, err));
    MUST(statement_exec(room->db, rows, err));
    room_reopen(room);
    MUST(heard_find(&heard, room->db, 5, &school, &room->arena, err));
    assert_int_equal(heard.state, 3);
    assert_int_equal(date_day_number(heard.contacted), 20000);
    assert_bytes(heard.tutor, "name");
    assert_string_equal(heard.used, "");
    assert_int_equal(heard.progress, 0);
    MUST(told_find(&told, room->db, 6, err));
    assert_int_equal(told.tutor, 9);
    assert_int_equal(told.used, 0);
    assert_int_equal(
        MUST(ending_of(&ending, 1, room->db, 1, 4, &room->arena, err)), 1);
    assert_int_equal(ending.reason, REASON_EXPIRED);
    assert_int_equal(ending.is_signed.len, 0);
    MUST(db_check(room->db, err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_leavers_of_version_1_are_not_recalled, room_open_agent,
            room_close),
        cmocka_unit_test_setup_teardown(
            test_a_letter_that_waits_outlives_the_change_of_tables,
            room_open_agent, room_close),
        cmocka_unit_test_setup_teardown(
            test_what_others_told_outlives_new_words_for_it, room_open_agent,
            room_close),
    };

    return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}
