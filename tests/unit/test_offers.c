/* Offers: kept until the record comes. */
#include "store/offers.h"

#include "store/inbox.h"
#include "store_room.h"

#define AGENT_TEST(test)                                                       \
    cmocka_unit_test_setup_teardown(test, room_open_agent, room_close)

static const struct laestab AUTHOR = {"9364001"};

static struct offer put_offer(struct room *room, unsigned n)
{
    struct offer offer = {.tag = tag_of(n),
        .author = AUTHOR,
        .at = {70},
        .sealed = bytes_of("sealed")};

    MUST(db_begin(room->db, err));
    MUST(inbox_next_record_id(room->db, &offer.id, err));
    MUST(inbox_family(&offer.family, room->db, &offer.tag, 1, (wall){70}, err));
    MUST(offers_put(room->db, &offer, err));
    MUST(db_commit(room->db, err));
    return offer;
}

static void put_record(struct room *room, int64_t id, unsigned n)
{
    const struct inbox_record row = {.id = id,
        .tag = tag_of(n),
        .author = AUTHOR,
        .revision = 1,
        .family = 1,
        .sealed = bytes_of("record")};

    MUST(db_begin(room->db, err));
    MUST(inbox_put_record(room->db, &row, err));
    MUST(db_commit(room->db, err));
}

static int count_one(void *arg, const struct offer *offer)
{
    assert_true(offer->id > 0);
    ++*(int *)arg;
    return 0;
}

static int count(struct room *room, bool missing)
{
    int found = 0;

    MUST(offers_each(room->db, missing, count_one, &found, err));
    return found;
}

static void test_the_number_is_kept_for_the_record(void **state)
{
    struct room *room = *state;
    const struct offer first = put_offer(room, 1);
    const struct offer second = put_offer(room, 2);
    int64_t next = 0;

    assert_int_not_equal(first.id, second.id);
    room_reopen(room);
    MUST(inbox_next_record_id(room->db, &next, err));
    assert_true(next > second.id);
    assert_int_equal(count(room, true), 2);
    put_record(room, first.id, 1);
    assert_int_equal(count(room, true), 1);
    assert_int_equal(count(room, false), 2);
}

static void test_an_offer_moves_with_its_family(void **state)
{
    struct room *room = *state;
    const struct offer first = put_offer(room, 1);
    const struct offer second = put_offer(room, 2);
    const struct tag both[] = {tag_of(1), tag_of(2)};
    struct offer got;
    int64_t family = 0;

    MUST(db_begin(room->db, err));
    MUST(inbox_family(&family, room->db, both, 2, (wall){80}, err));
    MUST(db_commit(room->db, err));
    assert_int_equal(family, first.family);
    MUST(offers_find(&got, room->db, &second.tag, &room->arena, err));
    assert_int_equal(got.family, first.family);
    assert_int_equal(got.id, second.id);
}

static void test_an_offer_is_replaced_and_dropped(void **state)
{
    struct room *room = *state;
    struct offer offer = put_offer(room, 1);
    struct offer got;

    offer.sealed = bytes_of("other");
    MUST(db_begin(room->db, err));
    MUST(offers_put(room->db, &offer, err));
    MUST(db_commit(room->db, err));
    MUST(offers_find(&got, room->db, &offer.tag, &room->arena, err));
    assert_int_equal(got.sealed.len, 5);
    assert_int_equal(count(room, false), 1);
    MUST(db_begin(room->db, err));
    MUST(offers_drop(room->db, offer.id, err));
    assert_int_equal(offers_drop(room->db, offer.id, NULL), ERR_NOT_FOUND);
    MUST(db_commit(room->db, err));
    assert_int_equal(
        offers_find(&got, room->db, &offer.tag, &room->arena, NULL),
        ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGENT_TEST(test_the_number_is_kept_for_the_record),
        AGENT_TEST(test_an_offer_moves_with_its_family),
        AGENT_TEST(test_an_offer_is_replaced_and_dropped),
    };

    return cmocka_run_group_tests_name("offers", tests, NULL, NULL);
}
