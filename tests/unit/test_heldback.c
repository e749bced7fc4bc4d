/* Who is held back: as long as a letter about them is in quarantine. */
#include "store/heldback.h"

#include "store/handle.h"
#include "store/inbox.h"
#include "store_room.h"

#define AGENT_TEST(test)                                                       \
    cmocka_unit_test_setup_teardown(test, room_open_agent, room_close)

static struct quarantine_row letter(unsigned n, enum reason reason)
{
    return (struct quarantine_row){
        .author = {"9364001"}, .envelope = id_of(n), .reason = reason};
}

static void put_aside(struct room *room, unsigned n, enum reason reason)
{
    const struct quarantine_row row = letter(n, reason);

    MUST(inbox_quarantine_add(room->db, &row, err));
}

static void hold(struct room *room, unsigned n, unsigned pupil)
{
    const struct id envelope = id_of(n);
    const struct tag tag = tag_of(pupil);

    MUST(heldback_add(room->db, &envelope, &tag, err));
}

static bool is_held(struct room *room, unsigned pupil)
{
    const struct tag tag = tag_of(pupil);
    bool held = false;

    MUST(heldback_has(&held, room->db, &tag, err));
    return held;
}

static bool any(struct room *room)
{
    bool any = false;

    MUST(heldback_any(&any, room->db, err));
    return any;
}

static void drop(struct room *room, int64_t id)
{
    MUST(inbox_quarantine_drop(room->db, id, err));
}

static void test_pupils_are_held_while_the_letter_is_there(void **state)
{
    struct room *room = *state;

    assert_false(any(room));
    MUST(db_begin(room->db, err));
    put_aside(room, 7, REASON_UPN_CONFLICT);
    hold(room, 7, 1);
    hold(room, 7, 2);
    hold(room, 7, 2);
    assert_true(any(room));
    assert_true(is_held(room, 1));
    assert_true(is_held(room, 2));
    assert_false(is_held(room, 3));
    drop(room, 1);
    assert_false(is_held(room, 1));
    assert_false(is_held(room, 2));
    MUST(db_commit(room->db, err));
}

/* One letter may stand there twice, and one pupil in two letters. */
static void test_the_last_reason_to_hold_a_pupil_counts(void **state)
{
    struct room *room = *state;

    MUST(db_begin(room->db, err));
    put_aside(room, 7, REASON_UPN_CONFLICT);
    put_aside(room, 7, REASON_SIGNED_BEFORE);
    put_aside(room, 8, REASON_UPN_CONFLICT);
    hold(room, 7, 1);
    hold(room, 7, 2);
    hold(room, 8, 1);
    drop(room, 1);
    MUST(heldback_forget(room->db, err));
    assert_true(is_held(room, 1));
    assert_true(is_held(room, 2));
    drop(room, 2);
    MUST(heldback_forget(room->db, err));
    assert_true(is_held(room, 1));
    assert_false(is_held(room, 2));
    assert_true(any(room));
    drop(room, 3);
    MUST(heldback_forget(room->db, err));
    assert_false(any(room));
    MUST(db_commit(room->db, err));
}

/* A retry takes a letter out and, if it cannot be taken, puts it aside again:
 * perhaps before it was read, so that nobody says again whom it is about. */
static void test_a_letter_that_comes_back_holds_its_pupils_again(void **state)
{
    struct room *room = *state;

    MUST(db_begin(room->db, err));
    put_aside(room, 7, REASON_UPN_CONFLICT);
    hold(room, 7, 1);
    drop(room, 1);
    put_aside(room, 7, REASON_SIGNED_BEFORE);
    assert_true(is_held(room, 1));
    MUST(db_commit(room->db, err));
}

/* Steps of SQLite's machine in all statements so far, counted anew. */
static int64_t steps(struct room *room)
{
    int64_t sum = 0;

    for (size_t i = 0; i < HANDLE_STATEMENTS; i++)
        if (room->db->slots[i].stmt != NULL)
            sum += sqlite3_stmt_status(
                room->db->slots[i].stmt, SQLITE_STMTSTATUS_VM_STEP, 1);
    return sum;
}

static void test_holding_back_costs_the_same_however_many_are_held(void **state)
{
    struct room *room = *state;
    int64_t few, many;
    unsigned n;

    MUST(db_begin(room->db, err));
    put_aside(room, 1, REASON_UPN_CONFLICT);
    for (n = 1; n <= 8; n++)
        hold(room, 1, n);
    steps(room);
    hold(room, 1, n++);
    assert_true(is_held(room, 4));
    few = steps(room);
    assert_in_range(few, 1, 200);
    while (n <= 4000)
        hold(room, 1, n++);
    steps(room);
    hold(room, 1, n++);
    assert_true(is_held(room, 4));
    many = steps(room);
    assert_int_equal(many, few);
    MUST(db_commit(room->db, err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGENT_TEST(test_pupils_are_held_while_the_letter_is_there),
        AGENT_TEST(test_the_last_reason_to_hold_a_pupil_counts),
        AGENT_TEST(test_a_letter_that_comes_back_holds_its_pupils_again),
        AGENT_TEST(test_holding_back_costs_the_same_however_many_are_held),
    };

    return cmocka_run_group_tests_name("heldback", tests, NULL, NULL);
}
