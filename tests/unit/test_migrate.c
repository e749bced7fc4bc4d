#include "store_room.h"

#include "store/handle.h"
#include "store/outbox.h"
#include "store/schema.h"
#include "store/statement.h"

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
        MUST(outbox_unput(&batch, 1, room->db, &room->arena, err)), 1);
    assert_int_equal(batch.id, 2);
    assert_bytes(batch.header, "header");
    assert_bytes(batch.sealed, "sealed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_a_letter_that_waits_outlives_the_change_of_tables,
            room_open_agent, room_close),
    };

    return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}
