#include "outbox_room.h"
#include "store/owed.h"

static void owe(struct room *room, const struct laestab *peer, unsigned n)
{
    const struct owed_receipt receipt = {.peer = *peer,
        .envelope = id_of(n),
        .header = bytes_of("h"),
        .sealed = bytes_of("s")};

    MUST(db_begin(room->db, err));
    MUST(owed_put(room->db, &receipt, err));
    MUST(db_commit(room->db, err));
}

static bool mark_receipt(struct room *room, unsigned n)
{
    const struct id envelope = id_of(n);
    bool found;

    MUST(db_begin(room->db, err));
    MUST(owed_mark_put(room->db, &envelope, &found, err));
    MUST(db_commit(room->db, err));
    return found;
}

static void test_owes_each_peer_its_newest_receipt(void **state)
{
    struct room *room = *state;
    struct owed_receipt got[4];

    owe(room, &SECONDARY, 1);
    owe(room, &OTHER, 2);
    owe(room, &SECONDARY, 3);
    assert_false(mark_receipt(room, 1));
    assert_int_equal(MUST(owed_unput(got, 4, room->db, &room->arena, err)), 2);
    assert_string_equal(got[0].peer.text, SECONDARY.text);
    assert_int_equal(got[0].envelope.bytes[0], 3);
    assert_bytes(got[0].header, "h");
    assert_bytes(got[0].sealed, "s");
    assert_true(mark_receipt(room, 3));
    assert_true(mark_receipt(room, 2));
    assert_int_equal(MUST(owed_unput(got, 4, room->db, &room->arena, err)), 0);
    MUST(db_begin(room->db, err));
    MUST(owed_all_again(room->db, err));
    MUST(db_commit(room->db, err));
    assert_int_equal(MUST(owed_unput(got, 4, room->db, &room->arena, err)), 2);
    assert_string_equal(got[1].peer.text, OTHER.text);
    assert_bytes(got[1].sealed, "s");
    assert_false(mark_receipt(room, 2)); /* it has another name now */
}

static void refuse(struct room *room, const struct laestab *peer, unsigned n)
{
    const struct refusal refusal = {.envelope = id_of(n),
        .lane = LANE_NORMAL,
        .epoch = id_of(1),
        .first = n,
        .last = UINT64_MAX,
        .reason = REASON_REPLAY};

    MUST(db_begin(room->db, err));
    MUST(owed_add_refusal(room->db, peer, &refusal, (wall){1}, err));
    MUST(db_commit(room->db, err));
}

static void test_tells_the_newest_refusals_of_each_peer(void **state)
{
    struct room *room = *state;
    struct refusal got[64];

    refuse(room, &OTHER, 7);
    for (unsigned i = 1; i <= 40; i++)
        refuse(room, &SECONDARY, i);
    refuse(room, &SECONDARY, 20); /* once more: now the newest */
    assert_int_equal(
        MUST(owed_refusals(got, 64, room->db, &SECONDARY, err)), OWED_REFUSALS);
    assert_int_equal(got[0].first, 20);
    assert_int_equal(got[1].first, 40);
    assert_int_equal(got[31].first, 9);
    assert_true(got[0].last == UINT64_MAX);
    assert_int_equal(got[0].reason, REASON_REPLAY);
    assert_int_equal(MUST(owed_refusals(got, 2, room->db, &SECONDARY, err)), 2);
    assert_int_equal(MUST(owed_refusals(got, 64, room->db, &OTHER, err)), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGENT_TEST(test_owes_each_peer_its_newest_receipt),
        AGENT_TEST(test_tells_the_newest_refusals_of_each_peer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
