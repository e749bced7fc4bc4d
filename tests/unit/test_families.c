#include "store_room.h"

#include "outreach/reach.h"
#include "store/inbox.h"

#define AGENT_TEST(test)                                                       \
    cmocka_unit_test_setup_teardown(test, room_open_agent, room_close)

static int see_record(void *arg, const struct inbox_record *record)
{
    char *seen = arg;

    add_seen(seen, "%d/%d ", (int)record->family, (int)record->id);
    return record->id == 99 ? 1 : 0;
}

static int64_t family_of(struct room *room, const unsigned *people)
{
    struct tag tags[8];
    size_t count = 0;
    int64_t family;

    for (; people[count] != 0; count++)
        tags[count] = tag_of(people[count]);
    MUST(inbox_family(&family, room->db, tags, count, (wall){1}, err));
    return family;
}

#define PEOPLE(...) ((const unsigned[]){__VA_ARGS__, 0})

static void test_who_shares_a_person_is_one_family(void **state)
{
    struct room *room = *state;
    int64_t first, second;

    MUST(db_begin(room->db, err));
    first = family_of(room, PEOPLE(1, 2));
    second = family_of(room, PEOPLE(3));
    assert_true(first > 0 && second > first);
    assert_int_equal(family_of(room, PEOPLE(2, 4)), first);
    assert_int_equal(family_of(room, PEOPLE(4)), first);
    assert_int_equal(family_of(room, PEOPLE(3, 5)), second);
    assert_int_equal(family_of(room, PEOPLE(5)), second);
    assert_int_equal(family_of(room, PEOPLE(6, 6)), second + 1);
    MUST(db_commit(room->db, err));
    room_reopen(room);
    MUST(db_begin(room->db, err));
    assert_int_equal(family_of(room, PEOPLE(1)), first);
    db_rollback(room->db);
}

static void test_nobody_is_a_new_family_each_time(void **state)
{
    struct room *room = *state;
    int64_t first, second;

    MUST(db_begin(room->db, err));
    MUST(inbox_family(&first, room->db, NULL, 0, (wall){1}, err));
    MUST(inbox_family(&second, room->db, NULL, 0, (wall){1}, err));
    MUST(db_commit(room->db, err));
    assert_true(second > first);
}

static void test_families_that_turn_out_to_be_one_are_joined(void **state)
{
    struct room *room = *state;
    int64_t mother, father, aunt;
    char seen[SEEN_SIZE] = "";

    MUST(db_begin(room->db, err));
    mother = family_of(room, PEOPLE(1));
    father = family_of(room, PEOPLE(2));
    aunt = family_of(room, PEOPLE(3));
    room_add_record(room, 11, mother);
    room_add_record(room, 12, father);
    room_add_record(room, 13, aunt);
    assert_int_equal(family_of(room, PEOPLE(3, 2)), father);
    assert_int_equal(family_of(room, PEOPLE(2, 1)), mother);
    assert_int_equal(family_of(room, PEOPLE(3)), mother);
    assert_int_equal(family_of(room, PEOPLE(2, 7)), mother);
    assert_int_equal(family_of(room, PEOPLE(7)), mother);
    MUST(db_commit(room->db, err));
    MUST(inbox_each_record(room->db, 0, see_record, seen, err));
    assert_string_equal(seen, "1/1 1/2 1/3 ");
}

/* Somebody who stands in every record, as the school's office may, and a mother
 * of two. */
static void test_no_family_is_larger_than_a_case(void **state)
{
    struct room *room = *state;
    int64_t last = 0;
    size_t here = 0;

    MUST(db_begin(room->db, err));
    for (unsigned n = 1; n <= 40; n++) {
        const int64_t family = family_of(room, PEOPLE(900, 100 + n));

        here = family == last ? here + 1 : 1;
        assert_in_range(here, 1, REACH_MAX_PEOPLE / 4);
        last = family;
        room_add_record(room, n, family);
    }
    assert_int_equal(family_of(room, PEOPLE(900, 140)), last);
    db_rollback(room->db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGENT_TEST(test_who_shares_a_person_is_one_family),
        AGENT_TEST(test_nobody_is_a_new_family_each_time),
        AGENT_TEST(test_families_that_turn_out_to_be_one_are_joined),
        AGENT_TEST(test_no_family_is_larger_than_a_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
