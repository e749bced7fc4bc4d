#include "store_room.h"

#include "store/inbox.h"
#include "store/tombstones.h"

#define AGENT_TEST(test)                                                       \
    cmocka_unit_test_setup_teardown(test, room_open_agent, room_close)

static const struct laestab HERE = {"9364001"};
static const struct laestab THERE = {"9364002"};

static void put(struct room *room, unsigned n, uint64_t revision, unsigned to)
{
    const struct tombstone tombstone = {.author = HERE,
        .tag = tag_of(n),
        .revision = revision,
        .at = {(int64_t)revision * 10},
        .moved = to != 0,
        .became = tag_of(to)};

    MUST(db_begin(room->db, err));
    MUST(tombstones_put(room->db, &tombstone, err));
    MUST(db_commit(room->db, err));
}

static int find(struct tombstone *out, struct room *room,
    const struct laestab *author, unsigned n)
{
    const struct tag tag = tag_of(n);

    return tombstones_find(out, room->db, author, &tag, NULL);
}

static void test_is_known_by_author_and_upn(void **state)
{
    struct room *room = *state;
    struct tombstone got;

    put(room, 1, 5, 0);
    assert_int_equal(find(&got, room, &HERE, 1), 0);
    assert_int_equal(got.revision, 5);
    assert_int_equal(got.at.ms, 50);
    assert_false(got.moved);
    assert_int_equal(find(&got, room, &HERE, 2), ERR_NOT_FOUND);
    assert_int_equal(find(&got, room, &THERE, 1), ERR_NOT_FOUND);
}

static void test_a_revision_never_goes_down(void **state)
{
    struct room *room = *state;
    struct tombstone got;

    put(room, 1, 5, 0);
    put(room, 1, 3, 0);
    assert_int_equal(find(&got, room, &HERE, 1), 0);
    assert_int_equal(got.revision, 5);
    assert_int_equal(got.at.ms, 50);
    put(room, 1, 6, 0);
    assert_int_equal(find(&got, room, &HERE, 1), 0);
    assert_int_equal(got.revision, 6);
}

static void test_what_a_upn_became_is_not_forgotten(void **state)
{
    struct room *room = *state;
    const struct tag became = tag_of(2);
    struct tombstone got;

    put(room, 1, 5, 2);
    put(room, 1, 6, 0);
    assert_int_equal(find(&got, room, &HERE, 1), 0);
    assert_true(got.moved);
    assert_memory_equal(&got.became, &became, sizeof became);
    assert_int_equal(got.revision, 6);
}

/* A record of a family with one person. */
static struct inbox_record add_record(
    struct room *room, unsigned n, const struct tag *person)
{
    struct inbox_record record = {.tag = tag_of(n),
        .author = HERE,
        .revision = 1,
        .sealed = bytes_of("sealed")};

    MUST(db_begin(room->db, err));
    MUST(inbox_family(&record.family, room->db, person, 1, (wall){1}, err));
    MUST(inbox_next_record_id(room->db, &record.id, err));
    MUST(inbox_put_record(room->db, &record, err));
    MUST(db_commit(room->db, err));
    return record;
}

static int destroy(struct room *room, const struct inbox_record *record)
{
    int rc;

    MUST(db_begin(room->db, err));
    rc = tombstones_destroy(room->db, record->id, record->family, NULL);
    MUST(db_commit(room->db, err));
    return rc;
}

static int64_t family_of(
    struct room *room, const struct tag *people, size_t count)
{
    int64_t family;

    MUST(db_begin(room->db, err));
    MUST(inbox_family(&family, room->db, people, count, (wall){1}, err));
    MUST(db_commit(room->db, err));
    return family;
}

static void test_the_last_record_takes_the_people_with_it(void **state)
{
    struct room *room = *state;
    const struct tag mother = tag_of(77);
    const struct inbox_record one = add_record(room, 1, &mother);
    const struct inbox_record two = add_record(room, 2, &mother);
    struct inbox_record got;

    assert_int_equal(one.family, two.family);
    assert_int_equal(destroy(room, &one), 0);
    assert_int_equal(
        inbox_find_record(&got, room->db, &one.tag, &room->arena, NULL),
        ERR_NOT_FOUND);
    assert_int_equal(
        inbox_find_record(&got, room->db, &two.tag, &room->arena, NULL), 0);
    assert_int_equal(family_of(room, &mother, 1), two.family);
    assert_int_equal(destroy(room, &two), 0);
    assert_int_not_equal(family_of(room, &mother, 1), two.family);
    assert_int_equal(destroy(room, &two), ERR_NOT_FOUND);
}

static void test_a_joined_family_goes_whole(void **state)
{
    struct room *room = *state;
    const struct tag people[2] = {tag_of(77), tag_of(78)};
    struct inbox_record one = add_record(room, 1, &people[0]);
    struct inbox_record two = add_record(room, 2, &people[1]);
    int64_t fresh;

    assert_int_not_equal(one.family, two.family);
    one.family = two.family = family_of(room, people, 2);
    assert_int_equal(destroy(room, &one), 0);
    assert_int_equal(family_of(room, &people[1], 1), two.family);
    assert_int_equal(destroy(room, &two), 0);
    fresh = family_of(room, &people[1], 1);
    assert_int_not_equal(fresh, two.family);
    assert_int_not_equal(family_of(room, &people[0], 1), fresh);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGENT_TEST(test_is_known_by_author_and_upn),
        AGENT_TEST(test_a_revision_never_goes_down),
        AGENT_TEST(test_what_a_upn_became_is_not_forgotten),
        AGENT_TEST(test_the_last_record_takes_the_people_with_it),
        AGENT_TEST(test_a_joined_family_goes_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
