#include "store_room.h"

#include "store/asked.h"

#define AGENT_TEST(test)                                                       \
    cmocka_unit_test_setup_teardown(test, room_open_agent, room_close)

static const struct asked NOT_OURS = {.school = {"9364001"},
    .leaver = 7,
    .revision = 2,
    .kind = ASKED_NOT_OURS,
    .reason = REASON_NOT_OURS,
    .at = {10},
    .due = {20}};

static void add(struct room *room, int64_t leaver, uint64_t revision)
{
    struct asked asked = NOT_OURS;

    asked.leaver = leaver;
    asked.revision = revision;
    MUST(db_begin(room->db, err));
    MUST(asked_add(room->db, &asked, err));
    MUST(db_commit(room->db, err));
}

static int count(void *arg, const struct asked *asked)
{
    size_t *n = arg;

    assert_int_equal(asked->closed_at.ms, 0);
    ++*n;
    return 0;
}

static size_t count_open(struct room *room)
{
    size_t n = 0;

    MUST(asked_each_open(room->db, count, &n, err));
    return n;
}

static int close_one(struct room *room, int64_t id)
{
    int rc;

    MUST(db_begin(room->db, err));
    rc = asked_close(
        room->db, id, (wall){30}, "office", bytes_of("answer"), NULL);
    MUST(db_commit(room->db, err));
    return rc;
}

static void test_comes_back_as_it_was_asked(void **state)
{
    struct room *room = *state;
    struct asked got;

    add(room, 7, 2);
    MUST(asked_find(&got, room->db, 1, &room->arena, err));
    assert_string_equal(got.school.text, "9364001");
    assert_int_equal(got.leaver, 7);
    assert_int_equal(got.revision, 2);
    assert_int_equal(got.kind, ASKED_NOT_OURS);
    assert_int_equal(got.reason, REASON_NOT_OURS);
    assert_int_equal(got.at.ms, 10);
    assert_int_equal(got.due.ms, 20);
    assert_string_equal(asked_kind_name(got.kind), "not-ours");
    assert_string_equal(asked_kind_name(ASKED_REFUSED), "refused");
    assert_int_equal(
        asked_find(&got, room->db, 2, &room->arena, NULL), ERR_NOT_FOUND);
}

static void test_the_same_is_asked_once(void **state)
{
    struct room *room = *state;

    add(room, 7, 2);
    add(room, 7, 2);
    assert_int_equal(count_open(room), 1);
    assert_int_equal(close_one(room, 1), 0);
    add(room, 7, 2); /* an old receipt once more */
    assert_int_equal(count_open(room), 0);
    add(room, 7, 3);
    assert_int_equal(count_open(room), 1);
}

static void test_an_answer_closes_it_once(void **state)
{
    struct room *room = *state;
    struct asked got;

    add(room, 7, 2);
    assert_int_equal(close_one(room, 1), 0);
    assert_int_equal(close_one(room, 1), ERR_NOT_FOUND);
    assert_int_equal(close_one(room, 2), ERR_NOT_FOUND);
    MUST(asked_find(&got, room->db, 1, &room->arena, err));
    assert_int_equal(got.closed_at.ms, 30);
    assert_string_equal(got.closed_by, "office");
    assert_int_equal(got.sealed.len, 6);
}

static void test_what_is_about_one_leaver_closes_together(void **state)
{
    struct room *room = *state;

    add(room, 7, 2);
    add(room, 7, 3);
    add(room, 8, 2);
    MUST(db_begin(room->db, err));
    MUST(asked_close_leaver(room->db, 7, (wall){30}, "office", err));
    MUST(db_commit(room->db, err));
    assert_int_equal(count_open(room), 1);
}

/* A school that asks without end; its earlier questions stay, and so does what
 * its receipts say. */
static void test_more_than_anybody_answers_is_not_asked(void **state)
{
    struct room *room = *state;
    struct asked asked = NOT_OURS;

    MUST(db_begin(room->db, err));
    for (asked.request = 1; asked.request <= ASKED_MOST_OPEN + 5;
         asked.request++)
        MUST(asked_add(room->db, &asked, err));
    asked.leaver = 8;
    MUST(asked_add(room->db, &asked, err));
    asked.leaver = 7;
    asked.request = 0;
    MUST(asked_add(room->db, &asked, err));
    MUST(db_commit(room->db, err));
    assert_int_equal(count_open(room), ASKED_MOST_OPEN + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGENT_TEST(test_comes_back_as_it_was_asked),
        AGENT_TEST(test_the_same_is_asked_once),
        AGENT_TEST(test_an_answer_closes_it_once),
        AGENT_TEST(test_what_is_about_one_leaver_closes_together),
        AGENT_TEST(test_more_than_anybody_answers_is_not_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
